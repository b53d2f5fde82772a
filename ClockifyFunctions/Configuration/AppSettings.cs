using System.Data.Common;
using System.Globalization;
using ClockifyFunctions.Configuration.Credentials;

namespace ClockifyFunctions.Configuration;

/// <summary>
/// All settings of the app (environment variables, with <c>__</c> between levels). They are checked once at start.
/// </summary>
internal sealed class AppSettings
{
    /// <summary>Setting <c>ServiceBusConnection</c>: a connection string. Either this or <see cref="ServiceBusNamespace"/>.</summary>
    public string? ServiceBusConnection { get; init; }

    /// <summary>Setting <c>ServiceBusConnection__fullyQualifiedNamespace</c>: identity-based, for example <c>contoso.servicebus.windows.net</c>.</summary>
    public string? ServiceBusNamespace { get; init; }

    /// <summary>Settings <c>ServiceBusConnection__credential</c> and <c>__clientId</c>: the identity for <see cref="ServiceBusNamespace"/>.</summary>
    public ConnectionIdentity ServiceBusIdentity { get; init; } = new();

    /// <summary>Setting <c>StorageConnection</c>: a connection string. Either this or <see cref="BlobServiceUri"/>.</summary>
    public string? StorageConnection { get; init; }

    /// <summary>Setting <c>StorageConnection__blobServiceUri</c>: identity-based, for example <c>https://contoso.blob.core.windows.net</c>.</summary>
    public Uri? BlobServiceUri { get; init; }

    /// <summary>Settings <c>StorageConnection__credential</c> and <c>__clientId</c>: the identity for <see cref="BlobServiceUri"/>.</summary>
    public ConnectionIdentity StorageIdentity { get; init; } = new();

    /// <summary>Setting <c>Drain__TimeBudget</c>: how long one drain starts calls. Default 00:04:00, range 00:00:05 to 01:00:00. Calls that have started get half of this time in addition. Both together must not exceed <c>maxAutoLockRenewalDuration</c> in host.json, which must be below <c>functionTimeout</c>.</summary>
    public TimeSpan DrainTimeBudget { get; init; } = TimeSpan.FromMinutes(4);

    /// <summary>Setting <c>Gate__LeaseDuration</c>: how long the gate of a credential stays held after its process has crashed. Default 00:00:15, range 00:00:15 to 00:01:00 (the range of the blob service).</summary>
    public TimeSpan GateLeaseDuration { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Setting <c>Lookups__MaxAge</c>: how long the app uses a list of Clockify objects before it reads the list again. Range 00:01:00 to 7.00:00:00. Null: <see cref="MaxLookupAge"/> decides by the credential's limits.</summary>
    public TimeSpan? LookupMaxAge { get; init; }

    /// <summary>Setting <c>Lookups__PageSize</c>: objects that one call reads of a list. Default 1000, range 50 to 5000.</summary>
    public int LookupPageSize { get; init; } = DefaultPageSize;

    /// <summary>Setting <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>: the OTLP endpoint for traces, metrics and logs. The other variables of the OpenTelemetry standard apply as well.</summary>
    public Uri? OtlpEndpoint { get; init; }

    /// <summary>Setting <c>APPLICATIONINSIGHTS_CONNECTION_STRING</c>: the app sends traces, metrics and logs to Azure Monitor.</summary>
    public string? InsightsConnection { get; init; }

    /// <summary>Setting <c>APPLICATIONINSIGHTS_AUTHENTICATION_STRING</c>, in the form that the host reads: <c>Authorization=AAD</c>, with <c>ClientId=…</c> for a user-assigned identity. Null if the connection string is sufficient.</summary>
    public ConnectionIdentity? InsightsIdentity { get; init; }

    /// <summary>Settings <c>Credentials__{name}__…</c>.</summary>
    public required IReadOnlyDictionary<string, Credential> Credentials { get; init; }

    /// <summary>Setting <c>KeyVaultUri</c>: the vault that stores managed credentials, for example <c>https://contoso.vault.azure.net</c>. Either this or <see cref="CredentialsFile"/>; without both, credentials come from app settings only.</summary>
    public Uri? KeyVaultUri { get; init; }

    /// <summary>Settings <c>KeyVault__credential</c> and <c>__clientId</c>: the identity for <see cref="KeyVaultUri"/>.</summary>
    public ConnectionIdentity KeyVaultIdentity { get; init; } = new();

    /// <summary>Setting <c>CredentialsFile</c>: a local file that stores managed credentials, for local runs. Only its owner may be able to read it, and it must be outside of the repository.</summary>
    public string? CredentialsFile { get; init; }

    private const int DefaultPageSize = 1000, LeastPageSize = 50, LargestPageSize = 5000;

    /// <summary>Calls per hour below which lists are read once a day.</summary>
    private const int FewCallsPerHour = 100;

    private static readonly string[] StorageStarts = ["UseDevelopmentStorage=", "AccountName=", "BlobEndpoint="];

    /// <summary>Reads and checks all settings; <paramref name="problems"/> lists every problem with the name of the setting.</summary>
    public static AppSettings Read(IConfiguration configuration, out IReadOnlyList<string> problems)
    {
        var found = new List<string>();
        var settings = new AppSettings
        {
            ServiceBusConnection = configuration["ServiceBusConnection"],
            ServiceBusNamespace = ReadHost(configuration, "ServiceBusConnection:fullyQualifiedNamespace", found),
            ServiceBusIdentity = ConnectionIdentity.Read(configuration, "ServiceBusConnection", found),
            StorageConnection = configuration["StorageConnection"],
            BlobServiceUri = ReadUri(configuration, "StorageConnection:blobServiceUri", found),
            StorageIdentity = ConnectionIdentity.Read(configuration, "StorageConnection", found),
            DrainTimeBudget = ReadDuration(configuration, "Drain:TimeBudget", TimeSpan.FromMinutes(4), TimeSpan.FromSeconds(5), TimeSpan.FromHours(1), found),
            GateLeaseDuration = ReadDuration(configuration, "Gate:LeaseDuration", TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(60), found),
            LookupMaxAge = string.IsNullOrEmpty(configuration["Lookups:MaxAge"]) ? null : ReadDuration(configuration, "Lookups:MaxAge", default, TimeSpan.FromMinutes(1), TimeSpan.FromDays(7), found),
            LookupPageSize = ReadNumber(configuration, "Lookups:PageSize", DefaultPageSize, LeastPageSize, LargestPageSize, found),
            OtlpEndpoint = ReadUri(configuration, "OTEL_EXPORTER_OTLP_ENDPOINT", found),
            InsightsConnection = ReadInsights(configuration, found),
            InsightsIdentity = ReadInsightsIdentity(configuration, found),
            Credentials = ReadCredentials(configuration.GetSection("Credentials"), found),
            KeyVaultUri = ReadUri(configuration, "KeyVaultUri", found),
            KeyVaultIdentity = ConnectionIdentity.Read(configuration, "KeyVault", found),
            CredentialsFile = configuration["CredentialsFile"] is { Length: > 0 } file ? file : null,
        };
        if (settings.KeyVaultUri is { Scheme: not "https" }) found.Add("KeyVaultUri must begin with https://.");
        if (settings.KeyVaultUri is not null && settings.CredentialsFile is not null) found.Add("KeyVaultUri and CredentialsFile are both set: managed credentials are stored in one place only; remove one of the settings.");
        if (string.IsNullOrEmpty(settings.ServiceBusConnection) && string.IsNullOrEmpty(settings.ServiceBusNamespace))
            found.Add("ServiceBusConnection is missing: set a connection string, or ServiceBusConnection__fullyQualifiedNamespace for identity-based access.");
        else if (!string.IsNullOrEmpty(settings.ServiceBusConnection) && ConnectionText.ProblemOfServiceBus(settings.ServiceBusConnection) is { } wrong)
            found.Add($"ServiceBusConnection {wrong}; copy the whole connection string from the namespace's shared access policy.");
        if (string.IsNullOrEmpty(settings.StorageConnection) && settings.BlobServiceUri is null)
            found.Add("StorageConnection is missing: set a connection string, or StorageConnection__blobServiceUri for identity-based access.");
        else if (!string.IsNullOrEmpty(settings.StorageConnection) && !StorageStarts.Any(start => settings.StorageConnection.Contains(start, StringComparison.OrdinalIgnoreCase)))
            found.Add($"StorageConnection names no account: it contains none of {string.Join(", ", StorageStarts)}; copy the whole connection string from the storage account's access keys.");
        problems = found;
        return settings;
    }

    /// <summary>How long the app uses a list of Clockify objects: the setting, otherwise 15 minutes, or a day for a credential with fewer than 100 calls an hour.</summary>
    public TimeSpan MaxLookupAge(Credential credential) => LookupMaxAge ?? (HasFewCalls(credential) ? TimeSpan.FromDays(1) : TimeSpan.FromMinutes(15));

    /// <summary>Whether the credential may make fewer than 100 calls an hour, as on the free plan. Then a list of objects is worth more than a call for each of them.</summary>
    public static bool HasFewCalls(Credential credential) => credential.Limits.Any(window => window.PerSecond * TimeSpan.SecondsPerHour < FewCallsPerHour);

    private static Dictionary<string, Credential> ReadCredentials(IConfigurationSection section, List<string> problems)
    {
        var credentials = new Dictionary<string, Credential>(StringComparer.Ordinal);
        foreach (var entry in section.GetChildren())
        {
            var setting = $"Credentials__{entry.Key}";
            var config = new CredentialConfig
            {
                ApiKey = entry["ApiKey"],
                BaseUrl = entry["BaseUrl"],
                Header = entry["Header"],
                Limits = List(entry["Limits"]),
                AllowedHosts = List(entry["AllowedHosts"]),
                InlineConfigs = entry["InlineConfigs"],
                Workspaces = List(entry["Workspaces"]),
            };
            credentials[entry.Key] = CredentialReader.Read(
                entry.Key, config, (member, message) => problems.Add($"{setting}{(member == "Name" ? "" : $"__{member}")}{(message.StartsWith('\'') ? ":" : "")} {message}"),
                key => WhyUnusable(setting, entry.Key, key));
        }

        return credentials;
    }

    private static string[] List(string? text) => (text ?? "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static string? WhyUnusable(string setting, string name, string apiKey) =>
        apiKey.StartsWith("@Microsoft.KeyVault(", StringComparison.Ordinal)
            ? $"{setting}__ApiKey is a Key Vault reference that was not resolved: store the secret in the vault (infra/deploy.sh --key {name}), check that it is enabled and that the identity of the app can read it, and restart the app"
            : !CredentialReader.IsSendable(apiKey)
                ? $"{setting}__ApiKey contains a space, a line break or a character that is not ASCII, which no API key contains: copy the key again, and restart the app"
                : null;

    private static string? ReadInsights(IConfiguration configuration, List<string> problems)
    {
        var text = configuration["APPLICATIONINSIGHTS_CONNECTION_STRING"];
        if (string.IsNullOrEmpty(text)) return null;
        if (Parts(text).TryGetValue("InstrumentationKey", out var key) && Guid.TryParse((string)key, out _)) return text;
        problems.Add("APPLICATIONINSIGHTS_CONNECTION_STRING has no InstrumentationKey=…; copy the whole connection string from Application Insights.");
        return null;
    }

    private static ConnectionIdentity? ReadInsightsIdentity(IConfiguration configuration, List<string> problems)
    {
        var text = configuration["APPLICATIONINSIGHTS_AUTHENTICATION_STRING"];
        if (string.IsNullOrEmpty(text)) return null;
        var parts = Parts(text);
        parts.TryGetValue("ClientId", out var clientId);
        if (parts.TryGetValue("Authorization", out var how) && how is "AAD" && (clientId is null || Guid.TryParse((string)clientId, out _))) return new ConnectionIdentity(IsManaged: true, (string?)clientId);
        problems.Add($"APPLICATIONINSIGHTS_AUTHENTICATION_STRING: '{text}' is not valid; write Authorization=AAD, with ClientId={{client id}}; before it for a user-assigned identity.");
        return null;
    }

    /// <summary>The name=value pairs of a text; empty if the text is not such a list.</summary>
    private static DbConnectionStringBuilder Parts(string text)
    {
        try
        {
            return new DbConnectionStringBuilder { ConnectionString = text };
        }
        catch (ArgumentException)
        {
            return [];
        }
    }

    private static string? ReadHost(IConfiguration configuration, string key, List<string> problems)
    {
        var text = configuration[key];
        if (string.IsNullOrEmpty(text) || Uri.CheckHostName(text) == UriHostNameType.Dns) return text;
        problems.Add($"{key.Replace(":", "__", StringComparison.Ordinal)}: '{text}' is not a host name; write it without scheme and path, for example contoso.servicebus.windows.net.");
        return null;
    }

    private static Uri? ReadUri(IConfiguration section, string key, List<string> problems)
    {
        var text = section[key];
        if (string.IsNullOrEmpty(text)) return null;
        if (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https") return uri;
        var name = section is IConfigurationSection inner ? $"{inner.Path}:{key}" : key;
        problems.Add($"{name.Replace(":", "__", StringComparison.Ordinal)}: '{text}' is not an absolute http(s) address.");
        return null;
    }

    private static TimeSpan ReadDuration(IConfiguration configuration, string key, TimeSpan fallback, TimeSpan min, TimeSpan max, List<string> problems)
    {
        var text = configuration[key];
        if (string.IsNullOrEmpty(text)) return fallback;
        if (TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max) return value;
        problems.Add($"{key.Replace(":", "__", StringComparison.Ordinal)}: '{text}' is not a duration from {min:c} to {max:c}; write hh:mm:ss.");
        return fallback;
    }

    private static int ReadNumber(IConfiguration configuration, string key, int fallback, int min, int max, List<string> problems)
    {
        var text = configuration[key];
        if (string.IsNullOrEmpty(text)) return fallback;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max) return value;
        problems.Add($"{key.Replace(":", "__", StringComparison.Ordinal)}: '{text}' is not a number from {min} to {max}.");
        return fallback;
    }
}
