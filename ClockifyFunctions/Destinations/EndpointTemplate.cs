using System.Text.Json;

namespace ClockifyFunctions.Destinations;

/// <summary>
/// A predefined Clockify operation: one entry of a file in <c>Catalog/</c>, whose schema describes the members. Rendering, preflight,
/// delivery, the console and the documentation read it; no operation has code of its own.
/// </summary>
internal sealed record EndpointTemplate
{
    public static readonly TemplateField Workspace = new("workspaceId", FieldType.Id, "The workspace that the destination writes to.") { Title = "Workspace ID", RefersTo = "workspaces" };

    public required string Name { get; init; }

    public required string Title { get; init; }

    public required Tier Tier { get; init; }

    public required string Description { get; init; }

    public required string Instructions { get; init; }

    public required string Verb { get; init; }

    public required string Path { get; init; }

    /// <summary>What a config may give as <c>inputs</c>. The workspace is the first of every endpoint and is not in the files.</summary>
    public IReadOnlyList<TemplateField> Inputs { get; init => field = [Workspace, .. value]; } = [Workspace];

    /// <summary>The existing object that a record names; null if it names none.</summary>
    public TemplateField? Id { get; init; }

    public ContentFormat Format { get; init; }

    public bool ListBody { get; init; }

    public required AnswerShape Answer { get; init; }

    public required Repeatability Repeat { get; init; }

    /// <summary>Name of the lookup that lists the objects which the call is about.</summary>
    public required string Object { get; init; }

    public ReadBackRule? ReadBack { get; init; }

    public ReadRule? Read { get; init; }

    public IReadOnlyList<MergeRule>? Merge { get; init; }

    public ArchiveRule? Archive { get; init; }

    public string? Feature { get; init; }

    public bool AdminOnly { get; init; }

    public IReadOnlyList<string> Secrets { get; init; } = [];

    /// <summary>Empty when there is no body.</summary>
    public IReadOnlyList<TemplateField> Fields
    {
        get;
        init
        {
            field = value;
            RequiredFields = Bits(value, one => one.Required);
            TimerFields = Bits(value, one => one.Timer);
            Adds = value.FirstOrDefault(one => one.Adds is not null)?.Adds;
            ListsFields = value.Any(one => one.Lists.Count > 0);
        }
    } = [];

    public IReadOnlyList<LostField> Lost { get; init; } = [];

    public required JsonElement Example { get; init; }

    /// <summary>Title of the file that holds it.</summary>
    public required string Group { get; init; }

    /// <summary>All endpoints, in the order in which a person looks for them.</summary>
    public static IReadOnlyList<EndpointTemplate> All => EndpointCatalog.Endpoints;

    public HttpMethod Method => field ??= new HttpMethod(Verb);

    /// <summary>Of <see cref="Path"/>.</summary>
    public string[] Segments => field ??= Path.Split('/');

    /// <summary>What a record can say by name instead of by id.</summary>
    public IReadOnlyList<ReferenceSlot> Slots => field ??= ReferenceSlot.Of(this);

    /// <summary>A repeated call takes effect twice.</summary>
    public bool CreatesOne => Repeat is Repeatability.New or Repeatability.Refused or Repeatability.Again or Repeatability.Shifts;

    /// <summary>A call that took effect makes the next one fail, because it ended what the call is about.</summary>
    public bool EndsWhatItFinds => Repeat == Repeatability.Ended;

    public bool TakesBody => Fields.Count > 0;

    /// <summary>The required ones of <see cref="Fields"/>, a bit for each.</summary>
    public ulong RequiredFields { get; private init; }

    /// <summary>Those whose absence starts a timer; see <see cref="TemplateField.Timer"/>.</summary>
    public ulong TimerFields { get; private init; }

    /// <inheritdoc cref="TemplateField.Adds"/>
    public AddsRule? Adds { get; private init; }

    /// <summary>Whether a field can be made from the names of the other fields; see <see cref="TemplateField.Lists"/>.</summary>
    public bool ListsFields { get; private init; }

    public static EndpointTemplate? Find(string? name) => name is null ? null : EndpointCatalog.ByName.GetValueOrDefault(name);

    public TemplateField? Field(string name) => Fields.FirstOrDefault(field => field.Name == name);

    /// <summary>Where a field is in <see cref="Fields"/>, by its name as JSON has it; -1 if it is none, or written with escapes.</summary>
    public int IndexOf(ReadOnlySpan<byte> name)
    {
        for (var index = 0; index < Fields.Count; index++)
            if (name.SequenceEqual(Fields[index].Utf8Name)) return index;
        return -1;
    }

    private static ulong Bits(IReadOnlyList<TemplateField> fields, Func<TemplateField, bool> which) =>
        fields.Select((one, index) => which(one) ? 1UL << index : 0).Aggregate(0UL, (all, one) => all | one);
}
