using BiMaskGen.Generators.Tests.Specimens;
using Microsoft.CodeAnalysis;

namespace BiMaskGen.Generators.Tests.Fuzz;

/// <summary>Changes a source file at random, and always the same way for the same seed.</summary>
internal static class Mutator
{
    /// <summary>One way to change a file; null where the file has nothing that it could change.</summary>
    private delegate Edit? Mutation(SyntaxNode root, Random random);

    private static readonly Mutation[] s_mutations =
    [
        TokenMutations.Delete, TokenMutations.Duplicate, TokenMutations.SwapNeighbours, TokenMutations.Replace, TokenMutations.Truncate,
        NameMutations.RenameOne, NameMutations.Retype, NameMutations.ChangeLiteral, NameMutations.ChangeLiteral,
        NameMutations.AddModifier, NameMutations.DropModifier,
        NodeMutations.Delete, NodeMutations.Delete, NodeMutations.Duplicate, NodeMutations.SwapSiblings, NodeMutations.Transplant,
        NodeMutations.Wrap,
    ];

    /// <summary>The file after one change, two or three; most have one, since every further one makes it likelier that nothing compiles.</summary>
    public static string Mutate(Specimen specimen, SyntaxTree file, Random random)
    {
        string original = file.ToString();
        string text = original;
        for (int count = random.Next(10) switch { < 6 => 1, < 9 => 2, _ => 3 }; count > 0 || text == original; count--)
        {
            SyntaxNode root = specimen.Parse(text, file.FilePath).GetRoot();

            // Renaming all occurrences of a name is many edits; everything else is one.
            text = random.Next(s_mutations.Length + 1) is var pick && pick == s_mutations.Length
                ? NameMutations.RenameAll(root, random)
                : s_mutations[pick](root, random)?.ApplyTo(text) ?? text;
        }

        return text;
    }

    public static T Pick<T>(this Random random, IReadOnlyList<T> items) => items[random.Next(items.Count)];
}
