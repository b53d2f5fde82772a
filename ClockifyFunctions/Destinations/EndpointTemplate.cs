using ClockifyFunctions.Configuration;

namespace ClockifyFunctions.Destinations;

/// <summary>
/// A predefined Clockify operation: where it goes, what a person has to say for it, and what its body takes. Rendering,
/// preflight validation, the console's form and the schema all read this; the rows are in <see cref="EndpointTable"/>.
/// </summary>
/// <param name="Name">How a config names it.</param>
/// <param name="Title">How a person reads it.</param>
/// <param name="Path">Below the credential's base URL; <c>{input}</c> stands for an input of the destination, <c>{id}</c> for the record's id.</param>
/// <param name="Inputs">Names of the inputs, all required.</param>
/// <param name="CreatesOne">Every call makes something new, so a repeated call makes it twice.</param>
internal sealed record EndpointTemplate(string Name, string Title, HttpMethod Method, string Path, IReadOnlyList<string> Inputs, bool CreatesOne)
{
    /// <summary>The record's attribute that becomes <c>{id}</c> unless the destination's <c>idFrom</c> says another.</summary>
    public const string DefaultIdAttribute = "id";

    /// <summary>All endpoints, in the order in which a person looks for them.</summary>
    public static IReadOnlyList<EndpointTemplate> All => EndpointTable.Rows;

    /// <summary>Of <see cref="Path"/>.</summary>
    public string[] Segments { get; } = Path.Split('/');

    /// <summary>What the body takes; empty when there is no body.</summary>
    public IReadOnlyList<TemplateField> Fields
    {
        get;
        init
        {
            field = value;
            RequiredFields = value.Select((one, index) => one.Required ? 1UL << index : 0).Aggregate(0UL, (all, one) => all | one);
        }
    } = [];

    /// <summary>Fields people send that have no effect.</summary>
    public IReadOnlyList<LostField> Lost { get; init; } = [];

    /// <summary>What must be written before Clockify lets an object go; null when nothing. <c>archiveFirst</c> sends it.</summary>
    public ArchiveStep? Archive { get; init; }

    /// <summary>A call that took effect makes the next one like it fail: it ended what it was about.</summary>
    public bool EndsWhatItFinds { get; init; }

    /// <summary>Whether the record names an existing object by its id.</summary>
    public bool NeedsId => Path.Contains("{id}", StringComparison.Ordinal);

    public bool TakesBody => Method != HttpMethod.Delete;

    /// <summary>What the endpoint answers when it has done its work.</summary>
    public AnswerShape Answer => Method == HttpMethod.Delete ? AnswerShape.EntityOrNothing : AnswerShape.Entity;

    /// <summary>PUT replaces the object, so <c>updateMode: merge</c> has a meaning.</summary>
    public bool Replaces => Method == HttpMethod.Put;

    public static EndpointTemplate? Find(string? name) => All.FirstOrDefault(template => template.Name == name);

    public TemplateField? Field(string name) => Fields.FirstOrDefault(field => field.Name == name);

    /// <summary>Where a field is in <see cref="Fields"/>, by its name as JSON has it; -1 if it is none, or written with escapes.</summary>
    public int IndexOf(ReadOnlySpan<byte> name)
    {
        for (var index = 0; index < Fields.Count; index++)
            if (name.SequenceEqual(Fields[index].Utf8Name)) return index;
        return -1;
    }

    public bool Loses(ReadOnlySpan<byte> name)
    {
        for (var index = 0; index < Lost.Count; index++)
            if (name.SequenceEqual(Lost[index].Utf8Name)) return true;
        return false;
    }

    /// <summary>The required ones of <see cref="Fields"/>, a bit for each.</summary>
    public ulong RequiredFields { get; private init; }

    /// <param name="Field">The member to set on the object as it is read.</param>
    /// <param name="Value">Its value, as JSON.</param>
    internal sealed record ArchiveStep(string Field, string Value);
}
