using System.Diagnostics.CodeAnalysis;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Destinations;

/// <summary>A valid destination: the credential exists, all templates are parsed, and the key may go where they point.</summary>
internal sealed class Destination
{
    /// <summary>Ids of destinations whose config came with a message begin so, and no others do.</summary>
    public const string InlinePrefix = "inline-";

    public required string Id { get; init; }

    /// <summary>Whether its config came with a message.</summary>
    public bool IsInline => Id.StartsWith(InlinePrefix, StringComparison.Ordinal);

    public required Credential Credential { get; init; }

    /// <summary>Null for manual configuration.</summary>
    public EndpointTemplate? Endpoint { get; init; }

    public required HttpMethod Method { get; init; }

    /// <summary>The whole address; scheme, host and port hold no macros.</summary>
    public required RequestUrl Url { get; init; }

    public IReadOnlyList<KeyValuePair<string, Template>> Headers { get; init; } = [];

    public ContentFormat Format { get; init; }

    /// <summary>Null: the payload is the body.</summary>
    public Template? Body { get; init; }

    /// <summary>Paths of attributes that are not sent.</summary>
    public IReadOnlySet<string> Excluded { get; init; } = new HashSet<string>();

    public IReadOnlyList<FieldSource> Mapping
    {
        get;
        init
        {
            field = value;
            MappedNames = NamesMoved();
        }
    } = [];

    /// <summary>What records say by name, parents first.</summary>
    public IReadOnlyList<Reference> References
    {
        get;
        init
        {
            field = value;
            MappedNames = NamesMoved();
        }
    } = [];

    /// <summary>Attributes that are not sent under their own names: a mapping or a reference alone decides a field, and moves an attribute.</summary>
    public IReadOnlySet<string> MappedNames { get; private init; } = new HashSet<string>();

    /// <summary>Attributes that something takes: the mapping, a reference, the URL or a header. Fields take theirs without being named here.</summary>
    public IReadOnlyList<string> Taken { get; init; } = [];

    public UnknownAttributes UnknownAttributes { get; init; }

    /// <summary>Whether entries without start or end may be sent.</summary>
    public bool Timers { get; init; }

    /// <summary>The zone of dates without one. Null: none is named, or it is that of a user.</summary>
    public TimeZoneInfo? Zone { get; init; }

    /// <summary>Whether dates without a zone are in that of the user that the record belongs to.</summary>
    public bool UsesUserZone { get; init; }

    /// <summary>Whether a record is rendered only after step 4: it names objects, or its dates are in the zone of its user.</summary>
    public bool NeedsLookups => References.Count > 0 || UsesUserZone;

    /// <summary>The id of the user whom the call is about, as the record or the config gives it; null where the call names none, or a reference does.</summary>
    public Template? UserId { get; init; }

    /// <summary>Whether text becomes what a field takes; with a manual body: true, false and numbers.</summary>
    public bool Converts { get; init; }

    /// <summary>Whether texts of a manual body that are dates without a zone become UTC.</summary>
    public bool ConvertsDates { get; init; }

    /// <summary>Whether the payload has other members than the record, whatever the record holds.</summary>
    public bool Reshapes => Mapping.Count > 0 || References.Count > 0 || Excluded.Count > 0 || Endpoint is { ListsFields: true };

    public Batching? Batching { get; init; }

    /// <summary>Whether finished records give response events.</summary>
    public bool Responses { get; init; } = true;

    /// <summary>How records are linked to objects by a key; null: they are not.</summary>
    public LinkRules? Links { get; init; }

    /// <summary>Whether it is an operation on the object of a key, whose id a link gives.</summary>
    public bool IsOfLink { get; init; }

    /// <summary>Null unless the destination synchronizes objects.</summary>
    public SyncRules? Sync => Links?.Sync;

    public UpdateMode UpdateMode { get; init; }

    public bool ArchiveFirst { get; init; }

    /// <summary>For deletes.</summary>
    public WhenGone WhenGone { get; init; }

    public ValidationMode Validation { get; init; }

    public OnUnknown OnUnknown { get; init; }

    /// <summary>How long a record may fail while others are delivered.</summary>
    public TimeSpan GiveUpAfter { get; init; }

    /// <summary>Null for manual configuration.</summary>
    public string? WorkspaceId { get; init; }

    /// <summary>A repeated call takes effect twice.</summary>
    public bool CreatesOne => Endpoint?.CreatesOne ?? Method == HttpMethod.Post;

    /// <summary>Whether only the first call tells what became of it: a repeated one makes it twice, or finds it done.</summary>
    public bool TellsOnce => CreatesOne || Endpoint is { EndsWhatItFinds: true };

    /// <summary>Whether a request has a body at all.</summary>
    public bool HasBody => Endpoint?.TakesBody ?? (Body is not null || (Method != HttpMethod.Get && Method != HttpMethod.Delete));

    /// <summary>Whether what a call created can be found by its natural key when the answer was lost.</summary>
    public bool CanReadBack => Endpoint is { ReadBack: not null };

    /// <summary>From the endpoint's data and <see cref="OnUnknown"/>.</summary>
    public Repeat Repeat =>
        !CreatesOne || OnUnknown == OnUnknown.Resend ? Repeat.Repeatable
        : this is { OnUnknown: OnUnknown.Verify, CanReadBack: true } ? Repeat.Verifiable
        : Repeat.Neither;

    /// <summary>Reports every problem at once; a destination comes out only if there is none.</summary>
    public static bool TryCreate(
        string id, DestinationConfig config, IReadOnlyDictionary<string, Credential> credentials,
        [NotNullWhen(true)] out Destination? destination, out IReadOnlyList<Problem> problems)
    {
        var found = new ProblemList();
        destination = config.Sync is null ? LinkReader.Read(id, config, credentials, found) : SyncReader.Read(id, config, credentials, found);
        problems = found.Listed;
        return destination is not null;
    }

    private HashSet<string> NamesMoved() =>
    [
        .. Mapping.Select(source => source.Field), .. Mapping.SelectMany(source => source.Attributes).Select(path => path.Text),
        .. References.Select(reference => reference.From.Text), .. References.Select(reference => reference.Slot?.Field.Split('.')[0]).OfType<string>(),
    ];
}
