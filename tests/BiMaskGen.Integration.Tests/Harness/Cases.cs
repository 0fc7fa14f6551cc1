namespace BiMaskGen.Integration.Tests.Harness;

/// <summary>Data of theories.</summary>
internal static class Cases
{
    /// <summary>Every value of the first with every value of the second.</summary>
    public static TheoryData<TFirst, TSecond> Product<TFirst, TSecond>(IEnumerable<TFirst> first, IReadOnlyCollection<TSecond> second)
    {
        var cases = new TheoryData<TFirst, TSecond>();
        foreach (TFirst a in first)
        {
            foreach (TSecond b in second)
            {
                cases.Add(a, b);
            }
        }

        return cases;
    }
}
