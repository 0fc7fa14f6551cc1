using System.Reflection;
using BiMaskGen.Generators.Model;

namespace BiMaskGen.Generators.Tests.Incremental;

/// <summary>What the pipeline caches is plain data: a symbol in it would keep whole compilations alive, and never compare equal.</summary>
public sealed class ModelTests
{
    public static TheoryData<Type> Models => [.. typeof(ParsedModel).Assembly.GetTypes()
        .Where(type => type.Namespace == typeof(ParsedModel).Namespace && !type.IsNested && !type.ContainsGenericParameters)];

    [Fact]
    public void TheRootReachesAllOfThem() => Assert.Contains(typeof(CallSite), Reachable(typeof(ParsedModel)));

    [Theory]
    [MemberData(nameof(Models))]
    public void NothingOfTheCompilerIsReachable(Type model) =>
        Assert.DoesNotContain(Reachable(model), type => type.FullName!.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(Models))]
    public void EverythingReachableIsEquatable(Type model) => Assert.All(
        Reachable(model).Where(type => !type.IsArray && Nullable.GetUnderlyingType(type) is null),
        type => Assert.True(type.IsAssignableTo(typeof(IEquatable<>).MakeGenericType(type)), $"{type} does not compare by value"));

    [Theory]
    [MemberData(nameof(Models))]
    public void ModelsAreSealedAndImmutable(Type model)
    {
        Assert.True(model.IsSealed, $"{model} is open");
        Assert.All(Fields(model), field => Assert.True(field.IsInitOnly, $"{field} can be written"));
    }

    [Fact]
    public void ArraysCompareByElements()
    {
        EquatableArray<string> left = new(["a", "b"]), same = new(["a", "b"]), other = new(["a", "c"]), shorter = new(["a"]);
        Assert.True(left.Equals(same));
        Assert.Equal(left.GetHashCode(), same.GetHashCode());
        Assert.False(left.Equals(other));
        Assert.False(left.Equals(shorter));
        Assert.True(default(EquatableArray<string>).Equals(new EquatableArray<string>([])));
    }

    private static IEnumerable<FieldInfo> Fields(Type type) =>
        type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic);

    private static HashSet<Type> Reachable(Type root)
    {
        HashSet<Type> seen = [];
        Stack<Type> open = new([root]);
        while (open.TryPop(out Type? type))
        {
            if (!seen.Add(type))
            {
                continue;
            }

            IEnumerable<Type> next = type.IsGenericType ? type.GetGenericArguments() : [];
            if (type.IsArray)
            {
                next = next.Append(type.GetElementType()!);
            }
            else if (type.Namespace?.StartsWith("BiMaskGen", StringComparison.Ordinal) == true)
            {
                next = next.Concat(Fields(type).Select(field => field.FieldType));
            }

            foreach (Type t in next)
            {
                open.Push(t);
            }
        }

        return seen;
    }
}
