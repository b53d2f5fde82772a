namespace ClockifyFunctions.Configuration.Credentials;

/// <summary>Converts a <see cref="CredentialConfig"/> to a <see cref="Credential"/>. It continues after a problem, so that all problems are reported together. Pure.</summary>
internal static class CredentialReader
{
    private const string DefaultHeader = "X-Api-Key", DefaultLimit = "10/00:00:01";

    /// <param name="report">Receives the name of a member of <see cref="CredentialConfig"/>, or <c>Name</c>, and the problem. The text never contains the key.</param>
    /// <param name="whyUnusable">For keys that are read at start: returns why a key cannot be sent, which makes this credential unusable but no other. Null: report an invalid key as a problem.</param>
    /// <returns>The credential. It is valid only if no problem was reported.</returns>
    public static Credential Read(string name, CredentialConfig config, Action<string, string> report, Func<string, string?>? whyUnusable = null)
    {
        if (!Names.IsValidCredential(name)) report("Name", $"'{name}' is not a valid credential name; use {Names.CredentialRule}.");
        // A secret that was stored from a file can end with a line feed.
        var apiKey = config.ApiKey?.Trim() ?? "";
        if (apiKey.Length == 0) report(nameof(config.ApiKey), "is missing; give the Clockify API key.");
        if (whyUnusable is null && !IsSendable(apiKey)) report(nameof(config.ApiKey), "contains a space, a line break or a character that is not ASCII, which no API key contains; copy the key again.");
        var header = string.IsNullOrEmpty(config.Header) ? DefaultHeader : config.Header;
        if (!Names.IsHeaderName(header)) report(nameof(config.Header), $"'{header}' is not a header name; use letters, digits and '-', for example X-Api-Key.");
        return new Credential(name, apiKey, header, ReadBaseUrl(config, report), ReadLimits(config, report), ReadHosts(config, report))
        {
            Unusable = whyUnusable?.Invoke(apiKey),
            InlineConfigs = ReadInlineConfigs(config, report),
            Workspaces = ReadWorkspaces(config, report),
        };
    }

    /// <summary>Whether the key is valid in a header. A key with a space or a character that is not ASCII was not copied correctly.</summary>
    public static bool IsSendable(string apiKey) => !apiKey.AsSpan().ContainsAnyExceptInRange('!', '~');

    private static Uri ReadBaseUrl(CredentialConfig config, Action<string, string> report)
    {
        if (string.IsNullOrEmpty(config.BaseUrl)) return Credential.GlobalApi;
        if (!Uri.TryCreate(config.BaseUrl, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            report(nameof(config.BaseUrl), $"'{config.BaseUrl}' is not an absolute http(s) address.");
            return Credential.GlobalApi;
        }

        if (url.Scheme != "https" && !url.IsLoopback) report(nameof(config.BaseUrl), $"'{url}' would receive the key without encryption; use https. http is allowed for loopback addresses only.");
        return url;
    }

    private static IReadOnlyList<RateWindow> ReadLimits(CredentialConfig config, Action<string, string> report)
    {
        var text = string.Join(';', config.Limits is { Count: > 0 } limits ? limits : [DefaultLimit]);
        if (!RateWindow.TryParseList(text, out var windows))
        {
            report(nameof(config.Limits), $"'{text}' is not valid; write permits/period, for example 10/00:00:01; separate several by ';'.");
            return [];
        }

        foreach (var low in windows.Where(window => window.PerSecond < RateWindow.LeastPerSecond))
            report(nameof(config.Limits), $"'{low}' is less than one call in two minutes, which this app does not support; write at least 30/01:00:00 or 1/00:02:00.");
        return windows;
    }

    private static List<AllowedHost> ReadHosts(CredentialConfig config, Action<string, string> report)
    {
        var hosts = new List<AllowedHost>();
        foreach (var text in config.AllowedHosts ?? [])
        {
            if (AllowedHost.TryParse(text, out var host)) hosts.Add(host);
            else report(nameof(config.AllowedHosts), $"'{text}' is not a host; write {AllowedHost.Rule}; separate several by ';'.");
        }

        return hosts;
    }

    private static InlineConfigs ReadInlineConfigs(CredentialConfig config, Action<string, string> report)
    {
        switch (config.InlineConfigs)
        {
            case null or "" or "endpoints":
                return InlineConfigs.Endpoints;
            case "none":
                return InlineConfigs.None;
            case "all":
                return InlineConfigs.All;
            default:
                report(nameof(config.InlineConfigs), $"'{config.InlineConfigs}' is unknown; write none, endpoints or all.");
                return InlineConfigs.None;
        }
    }

    private static IReadOnlyList<string> ReadWorkspaces(CredentialConfig config, Action<string, string> report)
    {
        foreach (var workspace in config.Workspaces ?? [])
            if (workspace.Length != 24 || !workspace.All(char.IsAsciiHexDigit)) report(nameof(config.Workspaces), $"'{workspace}' is not a Clockify id; write ids of 24 hexadecimal digits, separated by ';'.");
        return config.Workspaces ?? [];
    }
}
