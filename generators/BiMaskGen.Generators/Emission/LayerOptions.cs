using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using BiMaskGen.Generators.Methods;
using BiMaskGen.Generators.Model;

namespace BiMaskGen.Generators.Emission;

/// <summary>What a layer's attribute says, as the emitted code bakes it in: the options that its method knows, and no others.</summary>
internal static class LayerOptions
{
    /// <summary>Emits the property.</summary>
    public static void Emit(CodeWriter code, LayerSpec layer)
    {
        SparseOptions o = layer.Options;
        LinearShape s = layer.Shape;
        code.Lines(string.Format(
            CultureInfo.InvariantCulture,
            """
            public static Training.SparseLayerOptions Options {{ get; }} = new()
            {{
                Name = {0}, Pattern = new({1}, {2}), Method = SparseMethod.{3},
                InFeatures = {4}, OutFeatures = {5}, HasBias = {6},
            """,
            Names.Text(layer.DisplayName),
            o.N,
            o.M,
            o.Method,
            Names.OrNull(s.Columns),
            Names.OrNull(s.OutFeatures),
            s.HasBias switch { true => "true", false => "false", null => "null" }));
        Line(code, Settings(o).Concat(layer.SaysGrouping ? ["Grouping = ConvGrouping." + o.ConvGrouping] : []));
        Line(code, Schedule(o.Schedule));
        code.Lines("};");
    }

    private static void Line(CodeWriter code, IEnumerable<string> settings)
    {
        string[] all = [.. settings];
        if (all.Length > 0)
        {
            code.Lines("    " + string.Join(", ", all) + ",");
        }
    }

    /// <summary>What the method does with them, for the comment over the layer.</summary>
    public static IEnumerable<string> Facts(SparseOptions o)
    {
        ScheduleOptions s = o.Schedule;
        if (Knows(o, nameof(o.Decay)))
        {
            yield return (o.DecoupledDecay ? "decoupled decay " : "decay ") + Names.Number(o.Decay);
        }

        if (Knows(o, nameof(o.Search)))
        {
            yield return o.Search switch
            {
                "Identity" => "no permutation",
                "PaperRandom" => $"permutation by PaperRandom of {o.SearchCandidates} candidates every {o.PermuteEvery} steps",
                _ => $"permutation by {o.Search} every {o.PermuteEvery} steps",
            };
            if (o.WarmStart)
            {
                yield return "from the last one on";
            }

            if (o.SearchAbove > 0)
            {
                yield return $"where {Names.Number(o.SearchAbove)} of the mask has moved";
            }
        }

        if (Knows(o, nameof(s.RefreshEvery)))
        {
            yield return s.RefreshEvery == 0 ? "mask kept" : $"mask made anew every {s.RefreshEvery} steps";
        }

        if (Knows(o, nameof(s.MaskCurve)))
        {
            yield return $"β {s.MaskCurve} {(s.MaskShare > 0 ? $"over {Names.Number(s.MaskShare)} of the steps" : $"at {Names.Number(s.MaskRate)} a step")}"
                + (s.MaskGradient ? "" : ", gradient unmasked");
        }

        if (Knows(o, nameof(s.StructureCurve)))
        {
            yield return "pattern " + s.StructureCurve;
        }

        if (s.DenseFirst > 0)
        {
            yield return $"dense for the first {Names.Number(s.DenseFirst)} of the run";
        }

        if (s.DenseLast > 0)
        {
            yield return $"dense for the last {Names.Number(s.DenseLast)} of the run";
        }

        if (o.Precision != SparseOptions.WeightPrecision)
        {
            yield return o.Precision + " on a GPU";
        }

        if (o.Mvue)
        {
            yield return "dW from a sample of the gradient";
        }
    }

    private static IEnumerable<string> Settings(SparseOptions o)
    {
        ScheduleOptions s = o.Schedule;
        (string Option, string Value)[] all =
        [
            (nameof(o.Decay), Names.Number(o.Decay)),
            (nameof(o.DecoupledDecay), o.DecoupledDecay ? "true" : ""),
            (nameof(o.PermuteEvery), Integer(o.PermuteEvery)),
            (nameof(o.Search), "PermutationSearch." + o.Search),
            (nameof(o.SearchCandidates), o.Search == "PaperRandom" ? Integer(o.SearchCandidates) : ""),
            (nameof(o.WarmStart), o.WarmStart ? "true" : ""),
            (nameof(o.SearchAbove), o.SearchAbove > 0 ? Names.Number(o.SearchAbove) : ""),
            (nameof(s.RefreshEvery), Integer(s.RefreshEvery)),
            (nameof(s.MaskCurve), "MaskCurve." + s.MaskCurve),
            (nameof(s.MaskRate), Names.Number(s.MaskRate)),
            (nameof(s.MaskShare), Names.Number(s.MaskShare)),
            (nameof(s.MaskGradient), Boolean(s.MaskGradient)),
            (nameof(s.StructureCurve), "StructureCurve." + s.StructureCurve),
        ];
        return all.Where(option => option.Value.Length > 0 && Knows(o, option.Option))
            .Select(static option => $"{option.Option} = {option.Value}")
            .Concat(o.Precision != SparseOptions.WeightPrecision ? ["Precision = Precision." + o.Precision] : [])
            .Concat(o.Mvue ? ["Mvue = true"] : [])
            .Concat(o.Seed != 0 ? ["Seed = " + Integer(o.Seed)] : []);
    }

    private static IEnumerable<string> Schedule(ScheduleOptions s)
    {
        if (s.TotalSteps is { } total)
        {
            yield return "TotalSteps = " + total.ToString(CultureInfo.InvariantCulture);
        }

        if (s.DenseFirst > 0)
        {
            yield return "DenseFirst = " + Names.Number(s.DenseFirst);
        }

        if (s.DenseLast > 0)
        {
            yield return "DenseLast = " + Names.Number(s.DenseLast);
        }
    }

    private static bool Knows(SparseOptions o, string option) => MethodOptions.Knows(o.Method, option);

    private static string Integer(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Boolean(bool value) => value ? "true" : "false";
}
