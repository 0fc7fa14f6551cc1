using BiMaskGen.Permutations;
using Xunit;

namespace BiMaskGen.Runtime.Tests.Permutations;

public class AssignmentTests
{
    [Fact]
    public void Small_problems_reach_the_best_of_all_orders()
    {
        var random = new SplitMix64(3);
        var assignment = new Assignment(7);
        for (int problem = 0; problem < 300; problem++)
        {
            // Few values: ties; and sizes that fall, so that the gains of a larger problem lie beside.
            int size = 7 - (problem % 7);
            Fill(assignment, size, 1 + (problem % 9), ref random);
            assignment.Solve(size);
            Assert.Equal(BestOfAllOrders(assignment, size, 0, 0), Sum(assignment, size));
        }
    }

    [Theory]
    [InlineData(30, 4)]
    [InlineData(65, 100)]
    [InlineData(128, 30)]
    [InlineData(200, 1000000)]
    public void Large_problems_reach_the_dual_bound(int size, int values)
    {
        var random = new SplitMix64((ulong)size);
        var assignment = new Assignment(size);
        Fill(assignment, size, values, ref random);
        assignment.Solve(size);
        Assert.Equal(Hungarian(assignment, size), Sum(assignment, size));
    }

    private static void Fill(Assignment assignment, int size, int values, ref SplitMix64 random)
    {
        for (int row = 0; row < size; row++)
        {
            for (int column = 0; column < size; column++)
            {
                assignment.Gains[(row * assignment.Stride) + column] = random.NextBelow(values);
            }
        }
    }

    private static long Sum(Assignment assignment, int size)
    {
        int[] columns = assignment.ColumnOf[..size];
        Assert.Equal(Enumerable.Range(0, size), columns.Order());
        return columns.Select((column, row) => (long)Gain(assignment, row, column)).Sum();
    }

    private static int Gain(Assignment assignment, int row, int column) => assignment.Gains[(row * assignment.Stride) + column];

    private static long BestOfAllOrders(Assignment assignment, int size, int row, int taken)
    {
        long best = row == size ? 0 : long.MinValue;
        for (int column = 0; row < size && column < size; column++)
        {
            if ((taken >> column & 1) == 0)
            {
                best = Math.Max(best, Gain(assignment, row, column) + BestOfAllOrders(assignment, size, row + 1, taken | 1 << column));
            }
        }

        return best;
    }

    // Kuhn and Munkres, breadth first over equality edges; the sum of the labels is the bound that the best assignment meets.
    private static long Hungarian(Assignment assignment, int size)
    {
        long[] rowLabels = [.. Enumerable.Range(0, size).Select(row => Enumerable.Range(0, size).Max(column => (long)Gain(assignment, row, column)))];
        long[] columnLabels = new long[size];
        int[] owner = [.. Enumerable.Repeat(-1, size)];
        for (int root = 0; root < size; root++)
        {
            bool[] rowSeen = new bool[size];
            bool[] columnSeen = new bool[size];
            while (!Try(root))
            {
                long slack = Enumerable.Range(0, size).Where(row => rowSeen[row]).Min(
                    row => Enumerable.Range(0, size).Where(column => !columnSeen[column]).Min(column => Slack(row, column)));
                for (int i = 0; i < size; i++)
                {
                    rowLabels[i] -= rowSeen[i] ? slack : 0;
                    columnLabels[i] += columnSeen[i] ? slack : 0;
                }

                Array.Clear(rowSeen);
                Array.Clear(columnSeen);
            }

            bool Try(int row)
            {
                rowSeen[row] = true;
                for (int column = 0; column < size; column++)
                {
                    if (!columnSeen[column] && Slack(row, column) == 0)
                    {
                        columnSeen[column] = true;
                        if (owner[column] < 0 || Try(owner[column]))
                        {
                            owner[column] = row;
                            return true;
                        }
                    }
                }

                return false;
            }
        }

        return rowLabels.Sum() + columnLabels.Sum();

        long Slack(int row, int column) => rowLabels[row] + columnLabels[column] - Gain(assignment, row, column);
    }
}
