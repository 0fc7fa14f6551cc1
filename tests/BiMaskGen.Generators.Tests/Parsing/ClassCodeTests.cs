using BiMaskGen.Generators.Parsing;
using BiMaskGen.Generators.Tests.Harness;
using BiMaskGen.Generators.Tests.Specimens;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace BiMaskGen.Generators.Tests.Parsing;

/// <summary>What the text of a class decides without the compiler is what the compiler says.</summary>
public sealed class ClassCodeTests
{
    /// <summary>Every way in which a layer's name, or a function's, can mean another thing.</summary>
    private const string Shadows = """
        namespace Demo;

        public sealed class Holder
        {
            public Linear fc = null!, other = null!;
        }

        [NMSparse(2, 4)]
        public sealed partial class Shadowed(Linear captured) : Module<Tensor, Tensor>("shadowed")
        {
            private readonly Linear fc = Linear(8, 8), other = Linear(16, 16), captured = captured, Linear1 = Linear(32, 32);
            private readonly Func<Tensor, Tensor> gelu = x => x;
            private Linear Linear => fc;

            private static Tensor relu(Tensor x) => x;

            public override Tensor forward(Tensor x) => relu(fc.call(gelu(other.forward(this.fc.call(captured.call(x))))));

            public Tensor Parameter(Tensor x, Linear fc) => fc.call(other.call(this.fc.call(x)));

            public Tensor Local(Tensor x)
            {
                Linear other = fc;
                return other.call(fc.call(x));
            }

            public Tensor Pattern(Tensor x, object o) => o is Linear fc ? fc.call(x) : other.call(x);

            public Tensor Out(Tensor x)
            {
                Give(out Linear fc);
                return fc.call(other.call(x));
            }

            public Tensor Each(Tensor x)
            {
                foreach (Linear fc in new[] { other })
                {
                    x = fc.call(x);
                }

                foreach (var (other, name) in new[] { (fc, "fc") })
                {
                    x = other.call(x);
                }

                return x;
            }

            public IEnumerable<Tensor> Query(Tensor x) =>
                from fc in new[] { other }
                let other = fc
                select other.call(fc.call(x));

            public Tensor Lambda(Tensor x)
            {
                Func<Linear, Tensor> call = fc => fc.call(x);
                return call(other) + Inner(other);

                Tensor Inner(Linear fc)
                {
                    return fc.call(x);
                }
            }

            public Tensor Function(Tensor x)
            {
                return relu(fc.call(x));

                Tensor relu(Tensor y) => y;
            }

            public Holder Initializer() => new Holder { fc = other, other = fc };

            public Tensor OfType(Tensor x) => Linear.call(x) + Linear1.call(x);

            private void Give(out Linear layer) => layer = fc;

            private sealed class Nested
            {
                private readonly Linear fc = Linear(8, 4);

                public Tensor Call(Tensor x, Shadowed outer) => fc.call(outer.fc.call(x));
            }
        }
        """;

    public static TheoryData<string> Specimens => [.. Specimen.All.Keys];

    [Theory]
    [MemberData(nameof(Specimens))]
    public void AgreesInTheZoo(string name) => Agree(Specimen.All[name].Compile());

    [Fact]
    public void AgreesWhereNamesAreHidden()
    {
        CSharpCompilation compilation = TestCompilation.Of(Shadows);
        Assert.Empty(compilation.GetDiagnostics().Where(static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        (int members, int functions) = Agree(compilation);
        Assert.InRange(members, 15, int.MaxValue);
        Assert.InRange(functions, 2, int.MaxValue);
    }

    /// <summary>Else the two above would hold of nothing.</summary>
    [Fact]
    public void DecidesPlainCode()
    {
        CSharpCompilation compilation = TestCompilation.Of(TestModels.Mlp);
        (int members, int functions) = Agree(compilation);
        Assert.Equal((3, 6), (members, functions));
    }

    /// <summary>Asks both about every name in every class; gives how many the text decides.</summary>
    private static (int Members, int Functions) Agree(CSharpCompilation compilation)
    {
        int members = 0, functions = 0;
        foreach (SyntaxTree tree in compilation.SyntaxTrees)
        {
            SemanticModel model = compilation.GetSemanticModel(tree);
            foreach (ClassDeclarationSyntax declaration in tree.GetRoot().DescendantNodes().OfType<ClassDeclarationSyntax>())
            {
                ClassCode code = new(model.GetDeclaredSymbol(declaration)!, compilation, CancellationToken.None);
                foreach (ExpressionSyntax expression in declaration.DescendantNodes().OfType<ExpressionSyntax>().Where(IsValue))
                {
                    if (code.Member(expression) is { } member)
                    {
                        Assert.Equal(member, model.GetSymbolInfo(expression).Symbol, SymbolEqualityComparer.Default);
                        members++;
                    }

                    if (expression is InvocationExpressionSyntax call && code.Functions(call, model) is { Count: > 0 } choice)
                    {
                        Assert.Contains(((IMethodSymbol)model.GetSymbolInfo(call).Symbol!).OriginalDefinition, choice, SymbolEqualityComparer.Default);
                        functions++;
                    }
                }
            }
        }

        return (members, functions);
    }

    /// <summary>Whether readers ask about it: not the names of arguments, members after a dot, or types.</summary>
    private static bool IsValue(ExpressionSyntax expression) => expression switch
    {
        IdentifierNameSyntax name => name.Parent is AssignmentExpressionSyntax or ArgumentSyntax or BinaryExpressionSyntax or EqualsValueClauseSyntax
            || (name.Parent is MemberAccessExpressionSyntax access && access.Expression == name),
        MemberAccessExpressionSyntax or InvocationExpressionSyntax => true,
        _ => false,
    };
}
