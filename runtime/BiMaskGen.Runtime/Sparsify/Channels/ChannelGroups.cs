using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using BiMaskGen.Kernels.Cpu;
using BiMaskGen.Permutations;

namespace BiMaskGen.Sparsify;

/// <summary>
/// An order of the channels on its way to a better one: which column stands at each position, and for every position its rest, the N-th
/// largest magnitude that the other members of its group leave in each row. Different groups may be changed at the same time.
/// </summary>
internal sealed unsafe class ChannelGroups : IDisposable
{
    private short* _rests;

    /// <summary>Starts at an order.</summary>
    internal ChannelGroups(MagnitudeColumns columns, NMPattern pattern)
    {
        Columns = columns;
        Pattern = pattern;
        Count = pattern.GroupsIn(columns.Columns);
        Order = RowPermutation.Identity(columns.Columns);
        _rests = MagnitudeColumns.Allocate(columns.Columns, columns.Length);
        CpuPool.For(Count, new RefreshBody { Groups = this });
    }

    internal MagnitudeColumns Columns { get; }

    internal NMPattern Pattern { get; }

    /// <summary>Number of groups, a remainder counted as one.</summary>
    internal int Count { get; }

    /// <summary>Order[p] is the column at position p. After a change, <see cref="Refresh"/> the group.</summary>
    internal int[] Order { get; }

    /// <summary>The first position of a group.</summary>
    internal int First(int group) => group * Pattern.M;

    /// <summary>Members of a group.</summary>
    internal int Members(int group) => Math.Min(Pattern.M, Columns.Columns - First(group));

    /// <summary>The rest of a position.</summary>
    internal short* Rest(int position) => _rests + ((nint)position * Columns.Length);

    /// <summary>Computes the rests of a group anew.</summary>
    internal void Refresh(int group)
    {
        switch (VectorWidth.Bits)
        {
            case 512:
                Refresh<MagnitudeLanes512, Vector512<short>>(group);
                break;
            case 256:
                Refresh<MagnitudeLanes256, Vector256<short>>(group);
                break;
            case 128:
                Refresh<MagnitudeLanes128, Vector128<short>>(group);
                break;
            default:
                Refresh<MagnitudeLanes16, int>(group);
                break;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMemory.AlignedFree(_rests);
        _rests = null;
    }

    // Of a group's members the N-th and the next magnitude tell all rests: a member that is one of the N largest leaves the next one.
    [SkipLocalsInit]
    private void Refresh<TLanes, TVec>(int group)
        where TLanes : struct, IMagnitudeLanes<TVec>
        where TVec : unmanaged
    {
        int n = Pattern.N, members = Members(group), first = First(group);
        short** columns = stackalloc short*[NMPattern.MaxM];
        TVec* largest = stackalloc TVec[NMPattern.MaxM + 1];
        for (int i = 0; i < members; i++)
        {
            columns[i] = Columns[Order[first + i]];
        }

        short* rests = Rest(first);
        for (int row = 0; row < Columns.Length; row += TLanes.Count)
        {
            for (int i = 0; i <= n; i++)
            {
                largest[i] = TLanes.Zero;
            }

            for (int i = 0; i < members; i++)
            {
                TVec next = TLanes.Load(columns[i] + row);
                for (int place = 0; place <= n; place++)
                {
                    TVec higher = TLanes.Max(largest[place], next);
                    next = TLanes.Min(largest[place], next);
                    largest[place] = higher;
                }
            }

            TVec last = largest[n - 1], beyond = largest[n];
            for (int i = 0; i < members; i++)
            {
                TVec rest = TLanes.SelectLess(TLanes.Load(columns[i] + row), last, last, beyond);
                TLanes.Store(rest, rests + ((nint)i * Columns.Length) + row);
            }
        }
    }

    private struct RefreshBody : IRangeBody
    {
        public ChannelGroups Groups;

        public readonly void Invoke(int index) => Groups.Refresh(index);
    }
}
