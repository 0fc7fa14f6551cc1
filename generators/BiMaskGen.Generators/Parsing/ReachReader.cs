using System.Collections.Generic;
using System.Linq;
using System.Threading;
using BiMaskGen.Generators.Model;
using Microsoft.CodeAnalysis;

namespace BiMaskGen.Generators.Parsing;

/// <summary>From the classes that a model reaches to the data that the emitters need.</summary>
internal static class ReachReader
{
    /// <summary>What is emitted for a model; null where it reaches nothing.</summary>
    public static ReachSpec? Read(ModelReading top, ReachedClasses reached)
    {
        if (top.ReachOptions is not { } options || reached.All.Count == 0)
        {
            return null;
        }

        string metadataName = Identifiers.MetadataName(top.Type);
        LayerSpec layer = new(
            "this", "", $"{top.Type.Name}_Reach_{Identifiers.Hash(metadataName + "/Reach")}", Identifiers.DisplayName(top.Type), options, LinearShape.Unknown);
        ReachedSpec self = new(metadataName, default, new(Dense(top)), default);
        return new ReachSpec(layer, new([self, .. reached.All.Select(covered => Class(covered, top.Known))]));
    }

    /// <summary>The calls inside a class that is reached: they ask whether a model covers the layer.</summary>
    public static InterceptorsSpec Calls(ModelReading covered, ModelReading top, CancellationToken cancellation)
    {
        ReachedClasses below = ReachedClasses.Below(covered, top.ReachOptions!, cancellation);
        CallSiteReader calls = new(covered.Known, covered.Code, new LayerSpecs(covered, below, cancellation), cancellation);
        return calls.Read(Identifiers.ClassName(covered.Type), Identifiers.DisplayName(covered.Type));
    }

    private static ReachedSpec Class(ModelReading covered, KnownTypes known) => new(
        Identifiers.MetadataName(covered.Type),
        new(covered.SparseLayers.Select(static member => member.Member.ComponentName)),
        new(Dense(covered)),
        new(covered.Members.SelectMany(member => LayerSpecs.Children(member, covered.Type, known))));

    private static IEnumerable<string> Dense(ModelReading reading) => reading.Members.SelectMany(static member =>
        member.Member.IsKeptDense ? [member.Member.ComponentName] : member.Member.KeptElements.Select(name => member.Member.ComponentName + "." + name));
}
