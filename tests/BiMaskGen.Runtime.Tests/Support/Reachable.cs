using System.Reflection;

namespace BiMaskGen.Runtime.Tests.Support;

/// <summary>What an object keeps alive, by its fields: the heap's own totals hold what others allocate and how it is fragmented.</summary>
internal static class Reachable
{
    /// <summary>Bytes of all arrays of numbers that can be reached from an object.</summary>
    public static long ArrayBytes(object root)
    {
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        var open = new Stack<object?>([root]);
        long bytes = 0;
        while (open.TryPop(out object? value))
        {
            if (value is null or string or Type or Delegate or Pointer || value.GetType().IsPrimitive || (!value.GetType().IsValueType && !seen.Add(value)))
            {
                continue;
            }

            if (value is Array array)
            {
                if (array.GetType().GetElementType()!.IsPrimitive)
                {
                    bytes += Buffer.ByteLength(array);
                    continue;
                }

                foreach (object? item in array)
                {
                    open.Push(item);
                }
            }

            for (Type? type = value.GetType(); type is not null; type = type.BaseType)
            {
                foreach (FieldInfo field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
                {
                    if (!field.FieldType.IsPointer && !field.FieldType.IsByRefLike)
                    {
                        open.Push(field.GetValue(value));
                    }
                }
            }
        }

        return bytes;
    }
}
