namespace ClockifyFunctions.Destinations;

/// <summary>A predefined Clockify operation: where it goes and what a person has to say for it.</summary>
/// <param name="Name">How a config names it.</param>
/// <param name="Title">How a person reads it.</param>
/// <param name="Path">Below the credential's base URL; <c>{input}</c> stands for an input of the destination.</param>
/// <param name="Inputs">Names of the inputs, all required.</param>
/// <param name="CreatesOne">Every call makes something new, so a repeated call makes it twice.</param>
internal sealed record EndpointTemplate(string Name, string Title, HttpMethod Method, string Path, IReadOnlyList<string> Inputs, bool CreatesOne)
{
    /// <summary>The one table of endpoints.</summary>
    public static readonly IReadOnlyList<EndpointTemplate> All =
    [
        new("createTimeEntry", "Create time entry", HttpMethod.Post, "workspaces/{workspaceId}/time-entries", ["workspaceId"], CreatesOne: true),
    ];

    public static EndpointTemplate? Find(string? name) => All.FirstOrDefault(template => template.Name == name);
}
