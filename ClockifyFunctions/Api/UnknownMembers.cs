using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Api;

/// <summary>Finds members of a JSON document that its type does not have. Pure.</summary>
internal static class UnknownMembers
{
    /// <param name="path">The path of <paramref name="json"/> in the document, for example <c>$</c>.</param>
    public static void Find(JsonElement json, JsonTypeInfo type, string path, ICollection<Problem> problems)
    {
        switch (type.Kind)
        {
            case JsonTypeInfoKind.Object when json.ValueKind == JsonValueKind.Object:
                foreach (var member in json.EnumerateObject()) FindIn(member, type, path, problems);
                break;
            case JsonTypeInfoKind.Enumerable when json.ValueKind == JsonValueKind.Array && type.ElementType is { } element:
                foreach (var (index, item) in json.EnumerateArray().Index()) Find(item, type.Options.GetTypeInfo(element), $"{path}[{index}]", problems);
                break;
        }
    }

    private static void FindIn(JsonProperty member, JsonTypeInfo type, string path, ICollection<Problem> problems)
    {
        var known = type.Properties.FirstOrDefault(property => property.Name.Equals(member.Name, StringComparison.OrdinalIgnoreCase));
        if (known is { IsExtensionData: false }) Find(member.Value, type.Options.GetTypeInfo(known.PropertyType), $"{path}.{member.Name}", problems);
        // A type that collects unknown members reports them itself, with a specific remedy.
        else if (!type.Properties.Any(property => property.IsExtensionData))
            problems.Add(new Problem($"{path}.{member.Name}", $"is unknown; use: {string.Join(", ", type.Properties.Select(property => property.Name))}."));
    }
}
