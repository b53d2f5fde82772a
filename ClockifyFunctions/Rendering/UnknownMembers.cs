using System.Globalization;
using System.Text.Json;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Rendering;

/// <summary>Finds members of a body that Clockify silently ignores.</summary>
internal static class UnknownMembers
{
    /// <summary>Maximum number of characters of a name in a problem.</summary>
    private const int MostCharacters = 100;

    private const string Exclude = "leave it out with excludeAttributes";

    public static void Check(Destination destination, EndpointTemplate endpoint, JsonElement payload, ICollection<Problem> problems)
    {
        foreach (var member in payload.EnumerateObject())
        {
            if (problems is ProblemList { IsFull: true }) return;
            var place = $"$.{Shortened(member.Name)}";
            if (endpoint.Field(member.Name) is { Adds: { } adds }) problems.Add(new Problem(place, $"would be dropped by Clockify, because convert is false; send {adds.Gives}, or {Exclude}."));
            else if (endpoint.Field(member.Name) is { } field) CheckInside(field, member.Value, place, problems);
            else if (destination.Taken.Contains(member.Name)) continue;
            else if (endpoint.Lost.FirstOrDefault(lost => lost.Name == member.Name) is { } lost) problems.Add(new Problem(place, $"would be dropped by Clockify. {lost.Remedy} If it is not needed, {Exclude}."));
            else problems.Add(new Problem(place, $"matches no field of '{endpoint.Title}'{Like(endpoint, member.Name)}; map it to a field, or {Exclude}."));
        }
    }

    /// <summary>Checks nested objects if the catalog describes their members.</summary>
    private static void CheckInside(TemplateField field, JsonElement value, string place, ICollection<Problem> problems)
    {
        if (field.Fields.Count == 0) return;
        if (value.ValueKind == JsonValueKind.Array)
            foreach (var (index, item) in value.EnumerateArray().Index()) CheckInside(field, item, string.Create(CultureInfo.InvariantCulture, $"{place}[{index}]"), problems);
        else if (value.ValueKind == JsonValueKind.Object)
            foreach (var member in value.EnumerateObject())
            {
                if (field.Fields.FirstOrDefault(known => known.Name == member.Name) is { } inner) CheckInside(inner, member.Value, $"{place}.{member.Name}", problems);
                else problems.Add(new Problem($"{place}.{Shortened(member.Name)}", $"is not a member of {field.Name}, which has {string.Join(", ", field.Fields.Select(known => known.Name))}; correct its name, or {Exclude}."));
            }
    }

    /// <summary>Suggests a field whose name has the same letters and digits.</summary>
    private static string Like(EndpointTemplate endpoint, string name) =>
        endpoint.Fields.FirstOrDefault(field => Letters(field.Name).Equals(Letters(name), StringComparison.OrdinalIgnoreCase)) is { } like ? $", which has '{like.Name}'" : "";

    private static string Shortened(string name) => name.Length <= MostCharacters ? name : $"{name[..MostCharacters]}…";

    private static string Letters(string name) => new([.. name.Where(char.IsLetterOrDigit)]);
}
