namespace ClockifyFunctions.Destinations;

/// <summary>A part of an endpoint's URL that a destination or a record fills in.</summary>
internal sealed record TemplateInput
{
    public static readonly TemplateInput Workspace = new() { Name = "workspaceId", Title = "Workspace ID", Description = "The workspace that the destination writes to.", RefersTo = "workspaces" };

    public string Name { get; set; } = "id";

    public required string Title { get; init; }

    public required string Description { get; init; }

    public FieldType Type { get; set; } = FieldType.Id;

    /// <summary>All values of a <see cref="FieldType.Choice"/>.</summary>
    public IReadOnlyList<string> Values { get; set; } = [];

    /// <summary>Name of the lookup that lists what the value names.</summary>
    public string? RefersTo { get; set; }

    /// <summary>Attribute of the record that gives the value unless the destination gives one.</summary>
    public string? From { get; set; }

    /// <summary>Value unless the destination gives one.</summary>
    public string? Default { get; set; }

    /// <summary>Stands in the query; else in the path.</summary>
    public bool Query { get; set; }

    /// <summary>For the query. A path needs all its values.</summary>
    public bool Required { get; set; }
}
