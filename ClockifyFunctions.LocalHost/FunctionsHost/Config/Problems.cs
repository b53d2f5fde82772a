using System.Text.Json;

namespace ClockifyFunctions.LocalHost.FunctionsHost.Config;

/// <summary>Collects what is wrong with the script root, so that a person can mend it in one go.</summary>
internal sealed class Problems
{
    private readonly List<string> found = [];

    public void Add(string file, string feature, string remedy) => found.Add($"{file}: {feature}. {remedy}.");

    public JsonElement? ReadJson(string path, string name)
    {
        if (!File.Exists(path))
        {
            Add(name, $"not found at {path}", "Point ScriptRoot at the built app");
            return null;
        }

        try
        {
            var root = JsonDocument.Parse(File.ReadAllBytes(path), new JsonDocumentOptions
            {
                CommentHandling = JsonCommentHandling.Skip,
                AllowTrailingCommas = true,
            }).RootElement;
            if (root.ValueKind == JsonValueKind.Object) return root;
            Add(name, "is no JSON object", "Write an object");
        }
        catch (JsonException e)
        {
            Add(name, $"is no JSON ({e.Message})", "Correct it");
        }

        return null;
    }

    public void ThrowIfAny()
    {
        if (found.Count > 0) throw new HostRefusedException([.. found]);
    }
}
