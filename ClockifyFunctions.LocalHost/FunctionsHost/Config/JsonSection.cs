using System.Globalization;
using System.Text.Json;

namespace ClockifyFunctions.LocalHost.FunctionsHost.Config;

/// <summary>One JSON object of a configuration file. It reports keys that the reader did not ask for, because an ignored key would hide a difference from the real host.</summary>
internal sealed class JsonSection(JsonElement? element, string file, string path, Problems problems)
{
    private readonly HashSet<string> known = new(StringComparer.OrdinalIgnoreCase);

    public string Place(string key) => path.Length == 0 ? key : path + "." + key;

    public JsonElement? Get(string key)
    {
        known.Add(key);
        if (element is not { ValueKind: JsonValueKind.Object } section) return null;
        foreach (var property in section.EnumerateObject())
            if (property.Name.Equals(key, StringComparison.OrdinalIgnoreCase)) return property.Value;
        return null;
    }

    public JsonSection Section(string key) => new(Get(key), file, Place(key), problems);

    public string? Text(string key) => Read(key, "text", e => e.ValueKind == JsonValueKind.String ? e.GetString() : null);

    public bool? Flag(string key) => ReadValue<bool>(key, "true or false", e => e.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    });

    public int? Number(string key, int least) => ReadValue<int>(key, $"a whole number from {least}", e =>
        e.ValueKind == JsonValueKind.Number && e.TryGetInt32(out var n) && n >= least ? n : null);

    public TimeSpan? Span(string key) => ReadValue<TimeSpan>(key, "a time span such as 00:05:00", e =>
        e.ValueKind == JsonValueKind.String
        && TimeSpan.TryParse(e.GetString(), CultureInfo.InvariantCulture, out var span) ? span : null);

    public IReadOnlyList<string>? Texts(string key) => Read<IReadOnlyList<string>>(key, "an array of texts", e =>
        e.ValueKind == JsonValueKind.Array && e.EnumerateArray().All(i => i.ValueKind == JsonValueKind.String)
            ? [.. e.EnumerateArray().Select(i => i.GetString()!)] : null);

    /// <summary>Accepts keys that have no effect in this host.</summary>
    public void Ignore(params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys) known.Add(key);
    }

    public void Refuse(string key, string remedy) => problems.Add(file, $"{Place(key)} is not supported", remedy);

    public void RefuseFlag(string key, bool refused, string remedy)
    {
        if (Flag(key) == refused) problems.Add(file, $"{Place(key)}={(refused ? "true" : "false")} is not supported", remedy);
    }

    public void RefuseTheRest()
    {
        if (element is not { } section) return;
        if (section.ValueKind != JsonValueKind.Object)
        {
            problems.Add(file, $"{path} is not an object", "Write an object");
            return;
        }

        foreach (var property in section.EnumerateObject())
            if (!known.Contains(property.Name)) Refuse(property.Name, "Remove it");
    }

    private T? Read<T>(string key, string expected, Func<JsonElement, T?> read)
        where T : class
    {
        if (Get(key) is not { ValueKind: not JsonValueKind.Null } value) return null;
        if (read(value) is { } result) return result;
        problems.Add(file, $"{Place(key)} is not {expected}", "Correct it");
        return null;
    }

    private T? ReadValue<T>(string key, string expected, Func<JsonElement, T?> read)
        where T : struct
    {
        if (Get(key) is not { ValueKind: not JsonValueKind.Null } value) return null;
        if (read(value) is { } result) return result;
        problems.Add(file, $"{Place(key)} is not {expected}", "Correct it");
        return null;
    }
}
