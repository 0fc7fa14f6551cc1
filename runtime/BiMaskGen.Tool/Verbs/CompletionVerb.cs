using System.CommandLine;

namespace BiMaskGen.Tool.Verbs;

/// <summary><c>bimask completion</c>: the script that has a shell complete the command.</summary>
internal static class CompletionVerb
{
    // The command itself knows its verbs and options: the scripts only ask it.
    private static readonly Dictionary<string, string> s_scripts = new()
    {
        ["bash"] = """
            _bimask() {
              local IFS=$'\n'
              COMPREPLY=($(compgen -W "$(bimask "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
            }
            complete -o default -F _bimask bimask
            """,
        ["zsh"] = """
            _bimask() {
              local -a completions
              completions=("${(@f)$(bimask "[suggest:$CURSOR]" "$BUFFER" 2>/dev/null)}")
              compadd -a completions
              _files
            }
            compdef _bimask bimask
            """,
        ["fish"] = """
            complete -c bimask -a '(bimask "[suggest:"(commandline -C)"]" (commandline) 2>/dev/null)'
            """,
        ["pwsh"] = """
            Register-ArgumentCompleter -Native -CommandName bimask -ScriptBlock {
              param($word, $ast, $cursor)
              bimask "[suggest:$cursor]" "$ast" 2>$null | ForEach-Object { [System.Management.Automation.CompletionResult]::new($_) }
            }
            """,
    };

    public static Command Create()
    {
        Argument<string> shell = new("shell") { Description = "bash, zsh, fish or pwsh." };
        shell.AcceptOnlyFromAmong([.. s_scripts.Keys]);
        return Verb.Create(
            "completion",
            "Print the script that has a shell complete this command: eval \"$(bimask completion bash)\".",
            [shell],
            (r, _, _) => new { shell = r.GetRequiredValue(shell), script = s_scripts[r.GetRequiredValue(shell)] },
            (r, output) => output.Text.WriteLine(r.script));
    }
}
