using System.Diagnostics.CodeAnalysis;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Destinations;

/// <summary>A valid destination: its credential exists, its templates are parsed, and its credential permits the host of its URL.</summary>
internal sealed class Destination
{
    /// <summary>The prefix of the ids of destinations whose config came with a message. No other ids have it.</summary>
    public const string InlinePrefix = "inline-";

    public required string Id { get; init; }

    /// <summary>Whether the config of the destination came with a message.</summary>
    public bool IsInline => Id.StartsWith(InlinePrefix, StringComparison.Ordinal);

    public required Credential Credential { get; init; }

    /// <summary>The endpoint; null for manual configuration.</summary>
    public EndpointTemplate? Endpoint { get; init; }

    public required HttpMethod Method { get; init; }

    /// <summary>The complete URL. Its scheme, host and port contain no macros.</summary>
    public required RequestUrl Url { get; init; }

    public IReadOnlyList<KeyValuePair<string, Template>> Headers { get; init; } = [];

    public ContentFormat Format { get; init; }

    /// <summary>The template of the body. If it is null, the payload is the body.</summary>
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

    /// <summary>The references of the destination, parents first.</summary>
    public IReadOnlyList<Reference> References
    {
        get;
        init
        {
            field = value;
            MappedNames = NamesMoved();
        }
    } = [];

    /// <summary>Attributes that are not sent under their own names, because a mapping or a reference uses them, or gives a field of the same name.</summary>
    public IReadOnlySet<string> MappedNames { get; private init; } = new HashSet<string>();

    /// <summary>Attributes that the mapping, a reference, the URL or a header uses. Fields also use the attributes of their own names, which are not listed here.</summary>
    public IReadOnlyList<string> Taken { get; init; } = [];

    public UnknownAttributes UnknownAttributes { get; init; }

    /// <summary>Whether entries without start or end may be sent.</summary>
    public bool Timers { get; init; }

    /// <summary>The time zone of dates without a zone. Null if the config names none, or if the zone is that of a user.</summary>
    public TimeZoneInfo? Zone { get; init; }

    /// <summary>Whether dates without a zone are in the time zone of the user of the record.</summary>
    public bool UsesUserZone { get; init; }

    /// <summary>Whether step 4 must run before the record is rendered, because the record names objects or its dates are in the time zone of its user.</summary>
    public bool NeedsLookups => References.Count > 0 || UsesUserZone;

    /// <summary>The id of the user of the call, from the record or the config. Null if the call has no user, or if a reference gives it.</summary>
    public Template? UserId { get; init; }

    /// <summary>Whether texts are converted to the types of fields. In a manual body, texts are converted to true, false and numbers.</summary>
    public bool Converts { get; init; }

    /// <summary>Whether dates without a zone in a manual body are converted to UTC.</summary>
    public bool ConvertsDates { get; init; }

    /// <summary>Whether the payload can have other members than the record.</summary>
    public bool Reshapes => Mapping.Count > 0 || References.Count > 0 || Excluded.Count > 0 || Endpoint is { ListsFields: true };

    public Batching? Batching { get; init; }

    /// <summary>Whether finished records send response events.</summary>
    public bool Responses { get; init; } = true;

    /// <summary>The rules by which a key links records to objects; null if records are not linked.</summary>
    public LinkRules? Links { get; init; }

    /// <summary>Whether this destination is an operation on the object of a key. The link of the key contains the id of the object.</summary>
    public bool IsOfLink { get; init; }

    /// <summary>The rules of synchronization; null if the destination does not synchronize objects.</summary>
    public SyncRules? Sync => Links?.Sync;

    public UpdateMode UpdateMode { get; init; }

    public bool ArchiveFirst { get; init; }

    /// <summary>For deletes: the result if the object does not exist.</summary>
    public WhenGone WhenGone { get; init; }

    public ValidationMode Validation { get; init; }

    public OnUnknown OnUnknown { get; init; }

    /// <summary>How long a failing record is tried again while other records are delivered.</summary>
    public TimeSpan GiveUpAfter { get; init; }

    /// <summary>The id of the workspace; null for manual configuration.</summary>
    public string? WorkspaceId { get; init; }

    /// <inheritdoc cref="EndpointTemplate.CreatesOne"/>
    public bool CreatesOne => Endpoint?.CreatesOne ?? Method == HttpMethod.Post;

    /// <summary>Whether requests have a body.</summary>
    public bool HasBody => Endpoint?.TakesBody ?? (Body is not null || (Method != HttpMethod.Get && Method != HttpMethod.Delete));

    /// <summary>Whether a created object can be found by its natural key if the answer was lost.</summary>
    public bool CanReadBack => Endpoint is { ReadBack: not null };

    /// <summary>Whether calls may be repeated, from the data of the endpoint and <see cref="OnUnknown"/>.</summary>
    public Repeat Repeat =>
        !CreatesOne || OnUnknown == OnUnknown.Resend ? Repeat.Repeatable
        : this is { OnUnknown: OnUnknown.Verify, CanReadBack: true } ? Repeat.Verifiable
        : Repeat.Neither;

    /// <summary>Creates a destination from a config. Reports all problems together, and returns a destination only if there are none.</summary>
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
