using System.Text.Json;

namespace ClockifyFunctions.Destinations;

/// <summary>
/// A predefined Clockify operation: one entry of a file in <c>Catalog/</c>, whose schema describes the members. Rendering, preflight, delivery, the
/// console and the documentation use it. No operation has its own code.
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

    /// <summary>The inputs that a config may set. The first input of every endpoint is the workspace, which the files do not contain.</summary>
    public IReadOnlyList<TemplateField> Inputs { get; init => field = [Workspace, .. value]; } = [Workspace];

    /// <summary>The input for the id of an existing object that the record names; null if it names none.</summary>
    public TemplateField? Id { get; init; }

    public ContentFormat Format { get; init; }

    public bool ListBody { get; init; }

    public required AnswerShape Answer { get; init; }

    public required Repeatability Repeat { get; init; }

    /// <summary>The name of the lookup that lists the objects of the call.</summary>
    public required string Object { get; init; }

    public ReadBackRule? ReadBack { get; init; }

    public ReadRule? Read { get; init; }

    public IReadOnlyList<MergeRule>? Merge { get; init; }

    public ArchiveRule? Archive { get; init; }

    public string? Feature { get; init; }

    public bool AdminOnly { get; init; }

    public IReadOnlyList<string> Secrets { get; init; } = [];

    /// <summary>The fields of the body; empty if there is no body.</summary>
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

    /// <summary>The title of the file that contains the endpoint.</summary>
    public required string Group { get; init; }

    /// <summary>All endpoints, in the order in which the console lists them.</summary>
    public static IReadOnlyList<EndpointTemplate> All => EndpointCatalog.Endpoints;

    public HttpMethod Method => field ??= new HttpMethod(Verb);

    /// <summary>The segments of <see cref="Path"/>.</summary>
    public string[] Segments => field ??= Path.Split('/');

    /// <summary>The ids that a record can give by name.</summary>
    public IReadOnlyList<ReferenceSlot> Slots => field ??= ReferenceSlot.Of(this);

    /// <summary>
    /// Whether an uncertain call must not simply be repeated, because a second call would take effect again, or would be refused because the object
    /// already exists.
    /// </summary>
    public bool CreatesOne => Repeat is Repeatability.New or Repeatability.Refused or Repeatability.Again or Repeatability.Shifts;

    /// <summary>Whether a call makes the next equal call fail, because it ends the object.</summary>
    public bool EndsWhatItFinds => Repeat == Repeatability.Ended;

    public bool TakesBody => Fields.Count > 0;

    /// <summary>The required fields in <see cref="Fields"/>, one bit for each field.</summary>
    public ulong RequiredFields { get; private init; }

    /// <summary>The fields whose absence starts a timer, one bit for each field; see <see cref="TemplateField.Timer"/>.</summary>
    public ulong TimerFields { get; private init; }

    /// <inheritdoc cref="TemplateField.Adds"/>
    public AddsRule? Adds { get; private init; }

    /// <summary>Whether a field can list the names of the other fields; see <see cref="TemplateField.Lists"/>.</summary>
    public bool ListsFields { get; private init; }

    public static EndpointTemplate? Find(string? name) => name is null ? null : EndpointCatalog.ByName.GetValueOrDefault(name);

    public TemplateField? Field(string name) => Fields.FirstOrDefault(field => field.Name == name);

    /// <summary>Returns the index of a field in <see cref="Fields"/> by its JSON name. Returns -1 if there is no such field, or if the name contains escapes.</summary>
    public int IndexOf(ReadOnlySpan<byte> name)
    {
        for (var index = 0; index < Fields.Count; index++)
            if (name.SequenceEqual(Fields[index].Utf8Name)) return index;
        return -1;
    }

    private static ulong Bits(IReadOnlyList<TemplateField> fields, Func<TemplateField, bool> which) =>
        fields.Select((one, index) => which(one) ? 1UL << index : 0).Aggregate(0UL, (all, one) => all | one);
}
