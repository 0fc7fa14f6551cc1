using System;
using System.Collections.Generic;
using System.Linq;
using BiMaskGen.Generators.Model;

namespace BiMaskGen.Generators.Parsing;

/// <summary>Call sites by the interceptor that they share, in order of first appearance.</summary>
internal sealed class SiteGroups<T>
    where T : IEquatable<T>
{
    private readonly List<KeyValuePair<T, List<CallSite>>> _groups = [];

    public void Add(T key, CallSite site)
    {
        int index = _groups.FindIndex(group => group.Key.Equals(key));
        if (index < 0)
        {
            index = _groups.Count;
            _groups.Add(new(key, []));
        }

        _groups[index].Value.Add(site);
    }

    public IEnumerable<T> With(Func<T, EquatableArray<CallSite>, T> attach) =>
        _groups.Select(group => attach(group.Key, new EquatableArray<CallSite>(group.Value)));
}
