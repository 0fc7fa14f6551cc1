using System.CommandLine;
using BiMaskGen.Tool;

ParseResult parsed = Commands.Create().Parse(args);
int code = parsed.Invoke();
return parsed.Errors.Count > 0 ? ExitCodes.Usage : code;
