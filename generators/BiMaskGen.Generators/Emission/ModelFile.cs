using System.Collections.Generic;
using System.Linq;
using BiMaskGen.Generators.Model;
using Microsoft.CodeAnalysis;

namespace BiMaskGen.Generators.Emission;

/// <summary>Emits the part of a partial class that makes it an <c>INMSparseModel</c>.</summary>
internal static class ModelFile
{
    private const string SparseModel = "global::BiMaskGen.INMSparseModel";
    private const string Glue = "global::BiMaskGen.Generated.SparseModelGlue";
    private const string Access = "global::BiMaskGen.Loading.IModelAccess";
    private const string ListOfSparse =
        "global::System.Collections.Generic.IReadOnlyList<(string Name, global::BiMaskGen.SparseLayer Layer)>";
    private const string ListOfDense = "global::System.Collections.Generic.IReadOnlyList<(string Name, string Reason)>";

    public static void Emit(SourceProductionContext output, ModelSpec model)
    {
        if (model.Partial is not { } partial)
        {
            return;
        }

        CodeWriter code = new();
        code.Blank();
        if (partial.Namespace.Length > 0)
        {
            code.Lines($"namespace {partial.Namespace};");
            code.Blank();
        }

        Types(code, model, partial, depth: 0);
        code.AddTo(output, model.HintName + ".Model.g.cs");
    }

    private static void Types(CodeWriter code, ModelSpec model, PartialSpec partial, int depth)
    {
        bool innermost = depth == partial.Types.Count - 1;
        using CodeWriter.Block type = code.Open($"partial {partial.Types[depth]}" + (innermost ? " : " + SparseModel : ""));
        if (innermost)
        {
            Members(code, model, partial);
        }
        else
        {
            Types(code, model, partial, depth + 1);
        }
    }

    private static void Members(CodeWriter code, ModelSpec model, PartialSpec partial)
    {
        List(code, partial, ListOfSparse, "OwnSparseLayers", "_Sparse", OwnSparse(model, partial));
        List(code, partial, ListOfDense, "OwnDenseLayers", "_Dense", OwnDense(model, partial));
        code.Lines($$"""
            {{Names.Generated}}
            {{Access}} {{SparseModel}}.Access => new global::{{Names.Namespace}}.ModelAccess(this);
            """);
        if (partial.OverridesStateDict)
        {
            StateDict(code, model);
        }

        if (partial.OverridesRegistration && model.Containers.Count + Reach(model).Length > 0)
        {
            Registration(code, model);
        }

        if (partial.Refused.Count > 0)
        {
            code.Blank();
            code.Lines("// What a layer cannot do once it has given up its dense weight is refused before anything changes.");
        }

        for (int i = 0; i < partial.Refused.Count; i++)
        {
            if (i > 0)
            {
                code.Blank();
            }

            Refuse(code, partial.Refused[i]);
        }
    }

    private static void Refuse(CodeWriter code, OverrideSpec method)
    {
        string parameters = string.Join(", ", method.Parameters.Select(static p => $"{p.Type} {p.Name}" + (p.Default is null ? "" : " = " + p.Default)));
        string arguments = string.Join(", ", method.Parameters.Select(static p => p.Name));
        string operation = Names.Text(method.Name.TrimStart('_') + "()");

        // Evaluation mode is what such a layer is for.
        string condition = method.Name == "train" ? arguments : "true";
        code.Lines(Names.Generated);
        using CodeWriter.Block body = code.Open($"{method.Modifiers} {method.ReturnType} {method.Name}({parameters})");
        code.Lines($"{Glue}.RefuseReleased(this, {condition}, {operation});");
        code.Lines((method.ReturnType == "void" ? "" : "return ") + $"base.{method.Name}({arguments});");
    }

    private static void StateDict(CodeWriter code, ModelSpec model)
    {
        const string dictionary = "global::System.Collections.Generic.Dictionary<string, " + Names.Tensor + ">";
        code.Blank();
        code.Lines("// A load asks for the state_dict before it writes: so the layers' clocks can tell it from a training step.");
        code.Lines(Names.Generated);
        using CodeWriter.Block method = code.Open(
            $"public override {dictionary} state_dict({dictionary}? destination = null, string? prefix = null)");
        foreach (LayerSpec layer in model.Layers)
        {
            code.Lines($"{Function(layer)}.OnStateDict(this.{layer.Member});");
        }

        foreach (ContainerSpec container in model.Containers)
        {
            code.Lines($"{Function(container.Layer)}.OnStateDict(this.{container.Layer.Member});");
        }

        foreach (LayerSpec reach in Reach(model))
        {
            code.Lines($"{Function(reach)}.OnReachedStateDict(this);");
        }

        code.Lines($"{Glue}.OnStateDict(this);");
        code.Blank();
        code.Lines("return base.state_dict(destination!, prefix!);");
    }

    private static void Registration(CodeWriter code, ModelSpec model)
    {
        code.Blank();
        code.Lines("// By now members and containers are filled: the layers in them learn what to be called, and which of them stay dense.");
        code.Lines(Names.Generated);
        using CodeWriter.Block method = code.Open("protected override void RegisterComponents()");
        code.Lines("base.RegisterComponents();");
        foreach (ContainerSpec container in model.Containers)
        {
            code.Lines($"{Function(container.Layer)}.Mark(this.{container.Layer.Member});");
        }

        foreach (LayerSpec reach in Reach(model))
        {
            code.Lines($"{Function(reach)}.Register(this);");
        }
    }

    /// <summary>The interface's list, by way of a member that derived classes can ask where there can be any.</summary>
    private static void List(CodeWriter code, PartialSpec partial, string type, string property, string suffix, string value)
    {
        if (partial.OwnMembers is { } own)
        {
            code.Lines($$"""
                {{Names.TypeAttributes}}
                protected {{type}} {{own}}{{suffix}} => {{value}};

                """);
            value = $"this.{own}{suffix}";
        }

        code.Lines($$"""
            {{Names.Generated}}
            {{type}} {{SparseModel}}.{{property}} => {{value}};

            """);
    }

    private static string OwnSparse(ModelSpec model, PartialSpec partial)
    {
        IEnumerable<string> layers = model.Layers.Select(static layer => $"({Names.Text(layer.ComponentName)}, {Function(layer)}.State(this.{layer.Member}))");
        IEnumerable<string> containers = model.Containers.Select(static container =>
            $".. {Function(container.Layer)}.States(this.{container.Layer.Member}, {Names.Text(container.Layer.ComponentName)})");
        IEnumerable<string> below = Reach(model).Select(static reach => $".. {Function(reach)}.ReachedStates(this)");
        string[] lists = [.. containers, .. below];
        string own = lists.Length == 0
            ? Glue + ".Own(" + Items(layers) + ")"
            : Glue + ".Own([" + Items(layers.Concat(lists)) + "])";
        return partial.BaseOwnMembers is { } inherited ? $"[.. this.{inherited}_Sparse, .. {own}]" : own;
    }

    private static string OwnDense(ModelSpec model, PartialSpec partial)
    {
        IEnumerable<string> containers = model.Containers.Where(static container => !container.IsKnown).Select(static container =>
            $".. {Function(container.Layer)}.Dense(this.{container.Layer.Member}, {Names.Text(container.Layer.ComponentName)})");
        string own = Items(model.DenseLayers.Select(static layer => $"({Names.Text(layer.ComponentName)}, {Names.Text(layer.Reason)})")
            .Concat(containers)
            .Concat(Reach(model).Select(static reach => $".. {Function(reach)}.ReachedDense(this)")));
        return partial.BaseOwnMembers is { } inherited
            ? $"[.. this.{inherited}_Dense{(own.Length > 0 ? ", " : "")}{own}]"
            : $"[{own}]";
    }

    private static LayerSpec[] Reach(ModelSpec model) => model.Reach is { } reach ? [reach.Layer] : [];

    private static string Function(LayerSpec layer) => $"global::{Names.Namespace}.{layer.FunctionName}";

    private static string Items(IEnumerable<string> items) =>
        string.Concat(items.Select(static (item, i) => (i == 0 ? "\n    " : ",\n    ") + item));
}
