using System.Runtime.InteropServices;
using BiMaskGen.Masks;

namespace BiMaskGen.Checkpoints;

/// <summary>
/// Reads packed rows. Their bytes may come from anywhere, so everything here goes through spans: an index out of range cannot write anywhere else.
/// </summary>
internal static class RowReader
{
    /// <summary>Checks one row's indices: ascending within their group, inside it, and zeros behind the last.</summary>
    /// <returns>What is wrong, or null.</returns>
    public static string? FindProblem(PackedLayerInfo layer, ReadOnlySpan<byte> indices)
    {
        var stream = new IndexStream(indices, layer.IndexBits);
        int groups = layer.Pattern.GroupsIn(layer.InFeatures);
        for (int group = 0; group < groups; group++)
        {
            int members = layer.MembersOf(group), last = -1;
            for (int slot = Math.Min(layer.Pattern.N, members); slot > 0; slot--)
            {
                int index = stream.Next();
                if (index >= members || index <= last)
                {
                    return index >= members
                        ? $"an index of group {group} is {index}, the group has {members} columns."
                        : $"the indices of group {group} do not ascend: {index} follows {last}.";
                }

                last = index;
            }
        }

        return stream.IsAtEnd ? null : "the bits behind the last index are not zero.";
    }

    /// <summary>Writes one dense row: kept values in their columns, +0 everywhere else.</summary>
    /// <typeparam name="T">An unsigned integer of the elements' size.</typeparam>
    public static void Unpack<T>(
        PackedLayerInfo layer, ReadOnlySpan<byte> indices, ReadOnlySpan<byte> values, ReadOnlySpan<int> order, Span<byte> dense)
        where T : unmanaged
    {
        ReadOnlySpan<T> kept = MemoryMarshal.Cast<byte, T>(values);
        Span<T> row = MemoryMarshal.Cast<byte, T>(dense);
        row.Clear();
        var positions = new KeptPositions(layer, indices);
        if (order.IsEmpty)
        {
            for (int i = 0; i < kept.Length; i++)
            {
                row[positions.Next()] = kept[i];
            }
        }
        else
        {
            for (int i = 0; i < kept.Length; i++)
            {
                row[order[positions.Next()]] = kept[i];
            }
        }
    }

    /// <summary>Marks the kept columns of one row.</summary>
    public static void Mark(PackedLayerInfo layer, ReadOnlySpan<byte> indices, ReadOnlySpan<int> order, NMMask mask, int row)
    {
        var positions = new KeptPositions(layer, indices);
        for (int i = layer.KeptPerRow; i > 0; i--)
        {
            int position = positions.Next();
            mask.Set(row, order.IsEmpty ? position : order[position]);
        }
    }
}
