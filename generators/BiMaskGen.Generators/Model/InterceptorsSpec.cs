using System;
using System.Collections.Generic;
using System.Linq;

namespace BiMaskGen.Generators.Model;

/// <summary>The call sites of one class.</summary>
/// <param name="ClassName">The emitted static class, whose name no other class's has.</param>
/// <param name="DisplayName">The class as C# names it.</param>
/// <param name="LayerCalls">Redirected calls of layers.</param>
/// <param name="ActivationCalls">Activation calls that a redirected call below them makes.</param>
/// <param name="PlainCalls">Calls that stay what they are.</param>
internal sealed record InterceptorsSpec(
    string ClassName,
    string DisplayName,
    EquatableArray<LayerCallSpec> LayerCalls,
    EquatableArray<ActivationCallSpec> ActivationCalls,
    EquatableArray<PlainCallSpec> PlainCalls)
{
    /// <summary>The classes of all models, and those that models reach, each class once.</summary>
    public static EquatableArray<InterceptorsSpec> EachOnce(IEnumerable<InterceptorsSpec> annotated, IEnumerable<InterceptorsSpec> covered)
    {
        HashSet<string> names = [];
        return new(annotated.Concat(covered.OrderBy(static spec => spec.DisplayName, StringComparer.Ordinal)).Where(spec => names.Add(spec.ClassName)));
    }
}

/// <summary>Calls of one layer by one verb with one activation: one interceptor.</summary>
/// <param name="Member">The layer's field or property.</param>
/// <param name="FunctionName">Its emitted autograd function.</param>
/// <param name="Verb">"call" or "forward".</param>
/// <param name="Receiver">The type that declares the called method.</param>
/// <param name="Activation">A name of <c>BiMaskGen.Kernels.Activation</c>.</param>
/// <param name="Sites">Where it is called.</param>
internal sealed record LayerCallSpec(
    string Member, string FunctionName, string Verb, string Receiver, string Activation, EquatableArray<CallSite> Sites);

/// <summary>Calls of one activation function whose work the layer call below does: their interceptor passes its argument through.</summary>
/// <param name="Name">The interceptor's name, say "relu_functional".</param>
/// <param name="IsInstance">Whether it is a method of the tensor.</param>
/// <param name="ParameterTypes">The parameters after the receiver.</param>
/// <param name="Sites">Where it is called.</param>
internal sealed record ActivationCallSpec(
    string Name, bool IsInstance, EquatableArray<string> ParameterTypes, EquatableArray<CallSite> Sites);

/// <summary>A call that could not be redirected, and why.</summary>
internal sealed record PlainCallSpec(string Member, string Verb, string Reason);

/// <summary>An interceptable location, as the compiler encodes it.</summary>
internal sealed record CallSite(int Version, string Data);
