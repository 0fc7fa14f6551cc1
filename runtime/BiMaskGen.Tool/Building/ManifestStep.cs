using BiMaskGen.Tool.Manifest;

namespace BiMaskGen.Tool.Building;

/// <summary>Reads the manifest from the compiled assembly into a file that changes only when its content does.</summary>
internal static class ManifestStep
{
    public static void Run(BuildRequest request, BuildLog log)
    {
        ModelManifest manifest;
        try
        {
            manifest = ModelManifest.Read(request.Model, request.Assemblies, request.Modules);
        }
        catch (ManifestException e)
        {
            log.Error(BuildCodes.Model, request.Name, e.Message);
            return;
        }

        if (manifest.SparseMembers == 0)
        {
            log.Error(BuildCodes.Model, request.Name, $"nothing that {manifest.Root} is declared to hold is sparse: put [NMSparse(n, m)] on the class or on its layers{(manifest.Elsewhere.Count == 0 ? "" : $", or name its members' classes, as in Modules=\"blocks.*={manifest.Elsewhere[0]}\"")}.");
            return;
        }

        string json = manifest.ToJson();
        if (!File.Exists(request.Manifest) || File.ReadAllText(request.Manifest) != json)
        {
            File.WriteAllText(request.Manifest, json);
        }
    }
}
