using System.Text.Json;

namespace ClockifyFunctions.LocalHost.FunctionsHost.Config;

/// <summary>Collects all problems of an app, so that a person can correct them together.</summary>
internal sealed class Problems
{
    private readonly List<string> found = [];

    public void Add(string file, string feature, string remedy) => found.Add($"{file}: {feature}. {remedy}.");

    public JsonElement? ReadJson(string path, string name)
    {
        if (File.Exists(path)) return ParseJson(File.ReadAllText(path), name);
        Add(name, $"not found at {path}", "Build the app, and use the folder of the build as script root");
        return null;
    }

    public JsonElement? ParseJson(string text, string name)
    {
        try
        {
            var root = JsonDocument.Parse(text, new JsonDocumentOptions
            {
                CommentHandling = JsonCommentHandling.Skip,
                AllowTrailingCommas = true,
            }).RootElement;
            if (root.ValueKind == JsonValueKind.Object) return root;
            Add(name, "is not a JSON object", "Write an object");
        }
        catch (JsonException e)
        {
            Add(name, $"is not JSON ({e.Message})", "Correct it");
        }

        return null;
    }

    public void ThrowIfAny()
    {
        if (found.Count > 0) throw new HostRefusedException([.. found]);
    }
}
