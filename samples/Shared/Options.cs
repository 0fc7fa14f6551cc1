using System.CommandLine;

namespace Samples;

/// <summary>Options that both samples check alike.</summary>
internal static class Options
{
    /// <summary>An option that takes a whole number above 0.</summary>
    public static Option<int> Count(string name, int byDefault, string description)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => byDefault };
        option.Validators.Add(result =>
        {
            if (result.Errors.Any())
            {
                return;
            }

            if (result.GetValueOrDefault<int>() < 1)
            {
                result.AddError($"{name} must be at least 1.");
            }
        });
        return option;
    }
}
