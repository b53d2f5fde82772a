using System.Diagnostics.CodeAnalysis;

namespace ClockifyFunctions.Destinations;

/// <summary>A valid destination: credential and endpoint exist, all inputs are there.</summary>
internal sealed class Destination
{
    private Destination(string id, Credential credential, EndpointTemplate endpoint, Uri url, string workspaceId, OnUnknown onUnknown) =>
        (Id, Credential, Endpoint, Url, WorkspaceId, OnUnknown) = (id, credential, endpoint, url, workspaceId, onUnknown);

    public string Id { get; }

    public Credential Credential { get; }

    public EndpointTemplate Endpoint { get; }

    /// <summary>The endpoint's address with all inputs filled in.</summary>
    public Uri Url { get; }

    public string WorkspaceId { get; }

    public OnUnknown OnUnknown { get; }

    /// <summary>Reports every problem at once; a destination comes out only if there is none.</summary>
    public static bool TryCreate(
        string id, DestinationConfig config, IReadOnlyDictionary<string, Credential> credentials,
        [NotNullWhen(true)] out Destination? destination, out IReadOnlyList<Problem> problems)
    {
        var found = new List<Problem>();
        destination = null;
        problems = found;

        if (!Names.IsValid(id)) found.Add(new Problem("$.id", $"'{id}' is no valid destination id; use {Names.Rule}."));
        Credential? credential = null;
        if (string.IsNullOrEmpty(config.Credential))
            found.Add(new Problem("$.credential", "is missing; name a credential from the app settings."));
        else if (!credentials.TryGetValue(config.Credential, out credential))
            found.Add(new Problem("$.credential", $"'{config.Credential}' is not in the app settings; add Credentials__{config.Credential}__ApiKey or use one of: {OrNone(credentials.Keys)}."));

        var endpoint = EndpointTemplate.Find(config.Endpoint);
        if (endpoint is null)
            found.Add(new Problem("$.endpoint", $"{(config.Endpoint is null ? "is missing" : $"'{config.Endpoint}' is unknown")}; use one of: {OrNone(EndpointTemplate.All.Select(template => template.Name))}."));

        var inputs = config.Inputs ?? new Dictionary<string, string>();
        foreach (var name in endpoint?.Inputs ?? [])
            if (!inputs.TryGetValue(name, out var value) || string.IsNullOrWhiteSpace(value))
                found.Add(new Problem($"$.inputs.{name}", $"is missing; '{endpoint!.Title}' needs it."));
        foreach (var name in endpoint is null ? [] : inputs.Keys.Where(name => !endpoint.Inputs.Contains(name)))
            found.Add(new Problem($"$.inputs.{name}", $"is not an input of '{endpoint!.Title}'; it takes: {OrNone(endpoint.Inputs)}."));

        var onUnknown = OnUnknown.Verify;
        if (config.OnUnknown is not null && (!Enum.TryParse(config.OnUnknown, ignoreCase: true, out onUnknown) || !Enum.IsDefined(onUnknown)))
            found.Add(new Problem("$.onUnknown", $"'{config.OnUnknown}' is unknown; use verify, resend or quarantine."));

        if (found.Count > 0) return false;
        var path = endpoint!.Path;
        foreach (var name in endpoint.Inputs) path = path.Replace($"{{{name}}}", Uri.EscapeDataString(inputs[name]), StringComparison.Ordinal);
        var url = new Uri($"{credential!.BaseUrl.AbsoluteUri.TrimEnd('/')}/{path}");
        destination = new Destination(id, credential, endpoint, url, inputs["workspaceId"], onUnknown);
        return true;
    }

    private static string OrNone(IEnumerable<string> names) =>
        string.Join(", ", names.Order(StringComparer.Ordinal)) is { Length: > 0 } list ? list : "(none)";
}
