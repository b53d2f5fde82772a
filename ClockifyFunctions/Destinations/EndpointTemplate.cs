using System.Text.Json;
using System.Text.Json.Serialization;

namespace ClockifyFunctions.Destinations;

/// <summary>
/// A predefined Clockify operation: one entry of a file in <c>Destinations/Catalog/</c>. Rendering, preflight, delivery, the console's
/// form, the schema and <c>docs/catalog.md</c> all read it; no operation has code of its own. What may be left out is settable, because the
/// generated serializer would overwrite the default of a member that is init only.
/// </summary>
internal sealed record EndpointTemplate
{
    /// <summary>The name that a config gives as <c>endpoint</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The name that a person reads.</summary>
    public required string Title { get; init; }

    public required Tier Tier { get; init; }

    /// <summary>One sentence: what the call does.</summary>
    public required string Description { get; init; }

    /// <summary>What a record needs, and what Clockify does with it.</summary>
    public required string Instructions { get; init; }

    [JsonPropertyName("method")]
    public required string Verb { get; init; }

    /// <summary>Below the credential's base URL. <c>{name}</c> stands for an input, <c>{id}</c> for <see cref="Id"/>.</summary>
    public required string Path { get; init; }

    /// <summary>What a config may give as <c>inputs</c>. The workspace is the first of every endpoint and is not in the files.</summary>
    public IReadOnlyList<TemplateInput> Inputs { get; set => field = [TemplateInput.Workspace, .. value]; } = [TemplateInput.Workspace];

    /// <summary>The existing object that a record names; null if it names none.</summary>
    public TemplateInput? Id { get; set; }

    public ContentFormat Format { get; set; }

    /// <summary>The body is a list of records, so several records may share a call.</summary>
    public bool ListBody { get; set; }

    /// <summary>What a 2xx answer holds.</summary>
    public required AnswerShape Answer { get; init; }

    public required Repeatability Repeat { get; init; }

    /// <summary>How to find what a call created whose answer was lost. Null: it cannot be found.</summary>
    public ReadBackRule? ReadBack { get; set; }

    /// <summary>How to read the object that the call is about. Null: it cannot be read.</summary>
    public ReadRule? Read { get; set; }

    /// <summary>Fields that an answer holds elsewhere than a body. Null: updateMode merge is not possible.</summary>
    public IReadOnlyList<MergeRule>? Merge { get; set; }

    /// <summary>What must be written before Clockify deletes an object; <c>archiveFirst</c> sends it.</summary>
    public ArchiveRule? Archive { get; set; }

    /// <summary>Feature that the workspace must have, by its name in the API.</summary>
    public string? Feature { get; set; }

    /// <summary>Whether the key must belong to an owner or admin of the workspace.</summary>
    public bool AdminOnly { get; set; }

    /// <summary>Members of answers that hold secrets.</summary>
    public IReadOnlyList<string> Secrets { get; set; } = [];

    /// <summary>What the body takes; empty when there is no body.</summary>
    public IReadOnlyList<TemplateField> Fields
    {
        get;
        set
        {
            field = value;
            RequiredFields = value.Select((one, index) => one.Required ? 1UL << index : 0).Aggregate(0UL, (all, one) => all | one);
            ListsFields = value.Any(one => one.Lists.Count > 0);
        }
    } = [];

    /// <summary>Fields people send that have no effect.</summary>
    public IReadOnlyList<LostField> Lost { get; set; } = [];

    /// <summary>A record that the endpoint takes.</summary>
    public required JsonElement Example { get; init; }

    /// <summary>Title of the file that holds it.</summary>
    [JsonIgnore]
    public string Group { get; set; } = "";

    /// <summary>All endpoints, in the order in which a person looks for them.</summary>
    public static IReadOnlyList<EndpointTemplate> All => EndpointCatalog.Endpoints;

    [JsonIgnore]
    public HttpMethod Method => field ??= new HttpMethod(Verb);

    /// <summary>Of <see cref="Path"/>.</summary>
    public string[] Segments => field ??= Path.Split('/');

    /// <summary>A repeated call takes effect twice.</summary>
    public bool CreatesOne => Repeat is Repeatability.New or Repeatability.Refused or Repeatability.Again or Repeatability.Shifts;

    /// <summary>A call that took effect makes the next one fail, because it ended what the call is about.</summary>
    public bool EndsWhatItFinds => Repeat == Repeatability.Ended;

    public bool TakesBody => Fields.Count > 0;

    /// <summary>The required ones of <see cref="Fields"/>, a bit for each.</summary>
    [JsonIgnore]
    public ulong RequiredFields { get; private set; }

    /// <summary>Whether a field's value can be made from the names of the other fields; see <see cref="TemplateField.Lists"/>.</summary>
    [JsonIgnore]
    public bool ListsFields { get; private set; }

    public static EndpointTemplate? Find(string? name) => name is null ? null : EndpointCatalog.ByName.GetValueOrDefault(name);

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
}
