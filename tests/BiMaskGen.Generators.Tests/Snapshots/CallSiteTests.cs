using System.Text.RegularExpressions;
using BiMaskGen.Generators.Tests.Harness;

namespace BiMaskGen.Generators.Tests.Snapshots;

/// <summary>Which calls are redirected, and with which activation.</summary>
public sealed class CallSiteTests
{
    [Theory]
    [InlineData("fc.call(x)", "fc_call_None")]
    [InlineData("fc.forward(x)", "fc_forward_None")]
    [InlineData("fc.forward(tensor: x)", "fc_forward_None")]
    [InlineData("this.fc.call(x)", "fc_call_None")]
    [InlineData("(fc).call(x)", "fc_call_None")]
    [InlineData("fc!.call(x)", "fc_call_None")]
    [InlineData("new M().fc.call(x)", "fc_call_None")]
    [InlineData("relu(fc.call(x))", "fc_call_Relu relu_functional")]
    [InlineData("relu(inplace: true, x: fc.call(x))", "fc_call_Relu relu_functional")]
    [InlineData("relu(((fc.call(x)))!)", "fc_call_Relu relu_functional")]
    [InlineData("relu(fc.forward(x))", "fc_forward_Relu relu_functional")]
    [InlineData("fc.call(x).relu()", "fc_call_Relu relu_method")]
    [InlineData("(fc.call(x))!.relu()", "fc_call_Relu relu_method")]
    [InlineData("fc.call(x).gelu()", "fc_call_Gelu gelu_method")]
    [InlineData("fc.call(x).gelu(TorchSharp.Modules.GELU.Approximate.none)", "fc_call_Gelu gelu_method")]
    [InlineData("fc.call(x).gelu(TorchSharp.Modules.GELU.Approximate.tanh)", "fc_call_None")]
    [InlineData("gelu(fc.call(x))", "fc_call_Gelu gelu_functional")]
    [InlineData("gelu(fc.call(x), true)", "fc_call_Gelu gelu_functional")]
    [InlineData("gelu(fc.call(x), TorchSharp.Modules.GELU.Approximate.none)", "fc_call_Gelu gelu_functional")]
    [InlineData("gelu(fc.call(x), TorchSharp.Modules.GELU.Approximate.tanh)", "fc_call_None")]
    [InlineData("gelu(fc.call(x), (TorchSharp.Modules.GELU.Approximate)a)", "fc_call_None")]
    [InlineData("relu((Tensor)fc.call(x))", "fc_call_None")]
    [InlineData("relu(fc.call(x) + x)", "fc_call_None")]
    [InlineData("fc.call(x).sigmoid()", "fc_call_None")]
    [InlineData("relu(relu(fc.call(x)))", "fc_call_Relu relu_functional")]
    [InlineData("fc.call(x).relu().gelu()", "fc_call_Relu relu_method")]
    [InlineData("relu(fc.call(relu(fc.call(x))))", "fc_call_Relu relu_functional")]
    [InlineData("relu(fc.call(x)) + fc.call(x)", "fc_call_Relu fc_call_None relu_functional")]
    [InlineData("fc.call((dynamic)x)", "fc_call_None")]
    [InlineData("((Func<Tensor, Tensor>)(y => { Tensor z(Tensor t) => fc.call(t); return z(y); }))(x)", "fc_call_None")]
    public void Redirected(string expression, string interceptors)
    {
        string file = Emitted(expression);
        Assert.Equal(interceptors, string.Join(' ', Regex.Matches(file, @"public static \S+ (\w+)\(").Select(match => match.Groups[1].Value)));
    }

    [Theory]
    [InlineData("((Func<Tensor, Tensor>)fc.call)(x)", "fc.call (method group)")]
    [InlineData("new[] { x }.Select(fc.forward).First()", "fc.forward (method group)")]
    [InlineData("fc?.call(x)!", "fc.call (conditional access)")]
    [InlineData("(fc)?.forward(x).relu()!", "fc.forward (conditional access)")]
    [InlineData("Other?.fc.call(x)!", "fc.call (conditional access)")]
    [InlineData("Tree(y => fc.call(y).relu())", "fc.call (expression tree)")]
    [InlineData("new[] { x }.AsQueryable().Select(y => fc.call(y)).First()", "fc.call (expression tree)")]
    [InlineData("(from y in new[] { x }.AsQueryable() select fc.call(y)).First()", "fc.call (expression tree)")]
    [InlineData("((Func<Tensor>)(() => { var alias = fc; return alias.call(x); }))()", "fc.call (through a local variable)")]
    public void LeftAlone(string expression, string said)
    {
        string file = Emitted(expression);
        Assert.Contains("redirected 0 of 1 calls.", file, StringComparison.Ordinal);
        Assert.Contains("Stays as it is: " + said, file, StringComparison.Ordinal);
        Assert.DoesNotContain("InterceptsLocation", file, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nameof(fc.call).Length > 3 ? x : x")]
    [InlineData("x.relu()")]
    [InlineData("new Friend().Run(this, x)")]
    public void NotACallOfThisClass(string expression) => Assert.Null(TryEmitted(expression));

    [Fact]
    public void CallsAreCounted()
    {
        string file = Emitted("relu(fc.call(fc.forward(fc?.call(x)!)))");
        Assert.Contains("redirected 2 of 3 calls.", file, StringComparison.Ordinal);
    }

    [Fact]
    public void CallsInsideAQueryOverObjectsAreRedirected() =>
        Assert.Contains("redirected 1 of 1", Emitted("(from y in new[] { x } select fc.call(y)).First()"), StringComparison.Ordinal);

    private static string Emitted(string expression) => TryEmitted(expression)!;

    private static string? TryEmitted(string expression) => GeneratorRun.Of($$"""
        [NMSparse(2, 4)]
        public sealed class M : Module<Tensor, Tensor>
        {
            private readonly Linear fc = Linear(8, 8);

            public M() : base("m") => RegisterComponents();

            public static M? Other { get; set; }

            public override Tensor forward(Tensor x) => Run(x, 0);

            private static Tensor Tree(Expression<Func<Tensor, Tensor>> e) => null!;

            private Tensor Run(Tensor x, int a) => {{expression}};

            // Another class: what it calls stays plain and uncounted.
            private sealed class Friend
            {
                public Tensor Run(M m, Tensor x) => m.fc.call(x);
            }
        }
        """).File("Interceptors.g.cs");
}
