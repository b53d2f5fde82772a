using ClockifyFunctions.Configuration;
using ClockifyFunctions.Rendering;

namespace ClockifyFunctions.Destinations;

/// <summary>From what a person wrote to a <see cref="Destination"/>. Goes on after a problem, so that all are reported at once.</summary>
internal sealed class DestinationReader(string id, DestinationConfig config, IReadOnlyDictionary<string, Credential> credentials)
{
    private static readonly string[] Methods = ["POST", "PUT", "PATCH", "DELETE", "GET"];

    private const int MostPaths = 1000;

    private readonly ProblemList _problems = [];
    private ValidationMode _validation;

    public IReadOnlyList<Problem> Problems => _problems.Listed;

    public Destination? Read()
    {
        if (!Names.IsValid(id)) Report("$.id", $"'{id}' is no valid destination id; use {Names.Rule}.");
        foreach (var name in config.Unknown?.Keys ?? Enumerable.Empty<string>()) Report($"$.{name}", "is unknown; see GET /api/schema/destination for what there is.");

        var credential = ReadCredential();
        _validation = Choices.Read(config.Validation, ValidationMode.Reject, "$.validation", _problems);
        var endpoint = ReadEndpoint();
        var isManual = config.Endpoint is null && (config.Method is not null || config.Url is not null);
        var (method, url) = isManual ? ReadManual() : (endpoint?.Method, ReadEndpointUrl(endpoint, credential));
        var address = url is null ? null : ReadAddress(url, isManual, credential);

        var format = Choices.Read(config.ContentType, ContentFormat.Json, "$.contentType", _problems);
        var headers = HeaderReader.Read(config.Headers, credential, _problems);
        var body = config.BodyTemplate is null ? null : Template.Parse(config.BodyTemplate, BodyKind(format), new Dictionary<string, Template>(), "$.bodyTemplate", _problems);
        if (body is not null && format == ContentFormat.Json) BodyTemplateCheck.Json(body, _problems);
        if (config.Endpoint is not null) RefuseManualMembers();
        var zone = ReadZone();
        var mapping = FieldSource.Read(config.Mapping, endpoint, _problems);
        if (mapping.Count > 0 && endpoint is { TakesBody: false }) Report("$.mapping", $"'{endpoint.Title}' has no body to be filled; say with idFrom where the id comes from.");
        var updateMode = Choices.Read(config.UpdateMode, UpdateMode.Replace, "$.updateMode", _problems);
        if (updateMode == UpdateMode.Merge && endpoint is not { Replaces: true } && (endpoint is not null || isManual))
            Report("$.updateMode", "merge is for the update endpoints.");
        if (config.ArchiveFirst == true && endpoint is not { Archive: not null } && (endpoint is not null || isManual))
            Report("$.archiveFirst", "is for deleteProject, deleteTask and deleteClient.");
        var whenGone = Choices.Read(config.WhenGone, WhenGone.Delivered, "$.whenGone", _problems);
        if (config.WhenGone is not null && method is not null && method != HttpMethod.Delete) Report("$.whenGone", "is for deletes.");
        var onUnknown = Choices.Read(config.OnUnknown, isManual ? OnUnknown.Quarantine : OnUnknown.Verify, "$.onUnknown", _problems);
        if (isManual && onUnknown == OnUnknown.Verify && config.OnUnknown is not null)
            Report("$.onUnknown", "verify is for endpoints: how to read back a manual call is not known. Use resend or quarantine.");
        var giveUpAfter = RetryConfig.Read(config.Retry, _problems);
        var batching = BatchingReader.Read(config, format, _problems);
        var excluded = ReadExcluded();

        if (_problems.Count > 0) return null;
        return new Destination
        {
            Id = id,
            Credential = credential!,
            Endpoint = endpoint,
            Method = method!,
            Url = address!,
            Headers = headers,
            Format = format,
            Body = body,
            Excluded = excluded,
            Mapping = mapping,
            Zone = zone,
            Converts = config.Convert ?? config.TimeZone is not null,
            Batching = batching,
            Responses = config.Responses ?? true,
            UpdateMode = updateMode,
            ArchiveFirst = config.ArchiveFirst ?? false,
            WhenGone = whenGone,
            Validation = _validation,
            OnUnknown = onUnknown,
            GiveUpAfter = giveUpAfter,
            WorkspaceId = endpoint is null ? null : config.Inputs!["workspaceId"],
        };
    }

    private Credential? ReadCredential()
    {
        if (string.IsNullOrEmpty(config.Credential))
            Report("$.credential", "is missing; name a credential from the app settings.");
        else if (credentials.TryGetValue(config.Credential, out var credential))
            return credential;
        else
            Report("$.credential", $"'{config.Credential}' is not in the app settings; add Credentials__{config.Credential}__ApiKey or use one of: {OrNone(credentials.Keys)}.");
        return null;
    }

    private EndpointTemplate? ReadEndpoint()
    {
        if (config.Endpoint is null && (config.Method is not null || config.Url is not null)) return null;
        var endpoint = EndpointTemplate.Find(config.Endpoint);
        if (endpoint is null)
            Report("$.endpoint", $"{(config.Endpoint is null ? "is missing" : $"'{config.Endpoint}' is unknown")}; use one of: {OrNone(EndpointTemplate.All.Select(template => template.Name))}; or set method and url.");
        return endpoint;
    }

    private Template? ReadEndpointUrl(EndpointTemplate? endpoint, Credential? credential)
    {
        if (endpoint is null) return null;
        var written = config.Inputs ?? new Dictionary<string, string>();
        foreach (var name in written.Keys.Where(name => !endpoint.Inputs.Contains(name)))
            Report($"$.inputs.{name}", $"is not an input of '{endpoint.Title}'; it takes: {OrNone(endpoint.Inputs)}.");
        var inputs = new Dictionary<string, Template>(StringComparer.Ordinal);
        foreach (var name in endpoint.Inputs)
            if (ReadInput(endpoint, name, written.GetValueOrDefault(name)) is { } input) inputs[name] = input;
        if (config.IdFrom is not null && !endpoint.NeedsId) Report("$.idFrom", $"'{endpoint.Title}' names no object by its id.");
        if (endpoint.NeedsId && ReadIdFrom() is { } record) inputs["id"] = record;
        if (credential is null || inputs.Count < endpoint.Inputs.Count + (endpoint.NeedsId ? 1 : 0)) return null;
        return Template.Parse($"{credential.BaseUrl.AbsoluteUri.TrimEnd('/')}/{endpoint.Path}", TemplateKind.Url, inputs, "$.endpoint", _problems);
    }

    private Template? ReadInput(EndpointTemplate endpoint, string name, string? value)
    {
        var path = $"$.inputs.{name}";
        if (string.IsNullOrWhiteSpace(value)) Report(path, $"is missing; '{endpoint.Title}' needs it.");
        else if (value is "." or "..") Report(path, $"'{value}' would change the path.");
        else if (name == "workspaceId" && value.AsSpan().ContainsAny('{', '}')) Report(path, "may hold no macros: a destination belongs to one workspace.");
        else if (!value.Contains('{', StringComparison.Ordinal) && !Preflight.IsId(value) && _validation != ValidationMode.Off) Report(path, $"'{value}' is no Clockify id; an id has 24 hexadecimal digits.");
        else return Template.Parse(value, TemplateKind.Segment, new Dictionary<string, Template>(), path, _problems);
        return null;
    }

    private Template? ReadIdFrom()
    {
        var from = config.IdFrom ?? EndpointTemplate.DefaultIdAttribute;
        if (from.Contains('{', StringComparison.Ordinal)) return Template.Parse(from, TemplateKind.Segment, new Dictionary<string, Template>(), "$.idFrom", _problems);
        if (AttributePath.IsValid(from)) return new Template(from, [new Template.Part("", new Macro.Attribute(new AttributePath(from)), MacroPlace.Segment)]);
        Report("$.idFrom", $"'{from}' names no attribute.");
        return null;
    }

    private (HttpMethod?, Template?) ReadManual()
    {
        var method = config.Method?.ToUpperInvariant();
        if (method is null || !Methods.Contains(method)) Report("$.method", $"{(method is null ? "is missing" : $"'{config.Method}' is unknown")}; use one of: {string.Join(", ", Methods)}.");
        if (config.Inputs is { Count: > 0 }) Report("$.inputs", "belong to an endpoint; write the values into the url.");
        if (config.IdFrom is not null) Report("$.idFrom", "belongs to an endpoint; write {record.attribute} into the url.");
        if (string.IsNullOrWhiteSpace(config.Url))
        {
            Report("$.url", "is missing; write an absolute URL.");
            return default;
        }

        return (method is null ? null : new HttpMethod(method), Template.Parse(config.Url, TemplateKind.Url, new Dictionary<string, Template>(), "$.url", _problems));
    }

    private RequestUrl? ReadAddress(Template url, bool isManual, Credential? credential)
    {
        if (!RequestUrl.TryCreate(url, out var address, out var problem)) Report(isManual ? "$.url" : "$.endpoint", problem);
        else if (isManual && credential?.Refuse(address.Sample) is { } reason) Report("$.url", $"{reason}.");
        return address;
    }

    private void RefuseManualMembers()
    {
        (string Name, bool IsSet)[] manual = [("method", config.Method is not null), ("url", config.Url is not null), ("contentType", config.ContentType is not null), ("bodyTemplate", config.BodyTemplate is not null)];
        foreach (var (name, isSet) in manual)
            if (isSet) Report($"$.{name}", "is for manual configuration; leave it or the endpoint out.");
    }

    private HashSet<string> ReadExcluded()
    {
        var paths = new HashSet<string>(StringComparer.Ordinal);
        if (config.ExcludeAttributes is { Count: > MostPaths and var count })
        {
            Report("$.excludeAttributes", $"has {count} paths; at most {MostPaths} are read.");
            return paths;
        }

        foreach (var (index, path) in (config.ExcludeAttributes ?? []).Index())
        {
            var place = $"$.excludeAttributes[{index}]";
            if (path is null || !AttributePath.IsValid(path)) Report(place, $"'{path}' names no attribute.");
            else if (new AttributePath(path) is { HasNumber: true }) Report(place, $"'{path}' names an item of a list by its number; leave the number out, and the attribute is left out of all items.");
            else paths.Add(path);
        }

        return paths;
    }

    private TimeZoneInfo ReadZone()
    {
        if (config.TimeZone is null) return TimeZoneInfo.Utc;
        if (TimeZoneInfo.TryFindSystemTimeZoneById(config.TimeZone, out var zone)) return zone;
        Report("$.timeZone", $"'{config.TimeZone}' is unknown; write an IANA name, for example Europe/Berlin.");
        return TimeZoneInfo.Utc;
    }

    private void Report(string path, string message) => _problems.Add(new Problem(path, message));

    private static TemplateKind BodyKind(ContentFormat format) => format switch
    {
        ContentFormat.Xml => TemplateKind.XmlBody,
        ContentFormat.Form => TemplateKind.FormBody,
        _ => TemplateKind.JsonBody,
    };

    private static string OrNone(IEnumerable<string> names) =>
        string.Join(", ", names.Order(StringComparer.Ordinal)) is { Length: > 0 } list ? list : "(none)";
}
