using System.Text.Json;

namespace ClockifyFunctions.LocalHost.FunctionsHost.Config;

internal static class HostConfigReader
{
    private const string File = "host.json";

    public static HostConfig Read(string path, Problems problems)
    {
        var root = new JsonSection(problems.ReadJson(path, File), File, "", problems);
        if (root.Text("version") is { } version && version != "2.0")
            root.Refuse("version", "Write \"2.0\"");
        // Without effect on what the handler sees.
        root.Ignore("logging", "extensionBundle", "healthMonitor", "telemetryMode", "aggregator", "$schema");
        var extensions = root.Section("extensions");
        var config = new HostConfig(
            ReadTimeout(root), ReadPrefix(extensions), ReadServiceBus(extensions), ReadHandler(root, out var forward), forward);
        extensions.RefuseTheRest();
        root.RefuseTheRest();
        return config;
    }

    private static TimeSpan ReadTimeout(JsonSection root)
    {
        var span = root.Get("functionTimeout") is { ValueKind: JsonValueKind.String } text
            && text.GetString() == "-1" ? Timeout.InfiniteTimeSpan : root.Span("functionTimeout");
        return span ?? TimeSpan.FromMinutes(30);
    }

    private static string ReadPrefix(JsonSection extensions)
    {
        var http = extensions.Section("http");
        var prefix = http.Text("routePrefix") ?? "api";
        http.RefuseTheRest();
        return prefix.Trim('/');
    }

    private static QueueSettings ReadServiceBus(JsonSection extensions)
    {
        var section = extensions.Section("serviceBus");
        section.RefuseFlag("autoCompleteMessages", false, "Leave it on: a custom handler cannot settle messages");
        section.RefuseFlag("enableCrossEntityTransactions", true, "Remove it: of no use to a custom handler");
        if (section.Number("minMessageBatchSize", 1) > 1)
            section.Refuse("minMessageBatchSize", "Remove it: batches take what is there");
        if (section.Text("transportType") is { } transport && !transport.Equals("amqpTcp", StringComparison.OrdinalIgnoreCase))
            section.Refuse("transportType", "Write \"amqpTcp\"");
        // Sessions are refused per function, and the rest only tunes the connection.
        section.Ignore(
            "maxConcurrentSessions", "maxConcurrentCallsPerSession", "sessionIdleTimeout", "maxBatchWaitTime", "clientRetryOptions");
        var renewal = section.Span("maxAutoLockRenewalDuration") ?? TimeSpan.FromMinutes(5);
        var settings = new QueueSettings(
            section.Number("maxConcurrentCalls", 1) ?? 16 * Environment.ProcessorCount,
            section.Number("maxMessageBatchSize", 1) ?? 1000,
            renewal < TimeSpan.Zero ? Timeout.InfiniteTimeSpan : renewal,
            section.Number("prefetchCount", 0) ?? 0);
        section.RefuseTheRest();
        return settings;
    }

    private static HandlerConfig ReadHandler(JsonSection root, out bool forward)
    {
        var handler = root.Section("customHandler");
        forward = handler.Flag("enableForwardingHttpRequest") ?? false;
        handler.RefuseFlag("enableProxyingHttpRequest", true, "Use enableForwardingHttpRequest");
        if (handler.Text("type") is { } type && !type.Equals("http", StringComparison.OrdinalIgnoreCase))
            handler.Refuse("type", "Write \"http\" or nothing");
        var description = handler.Section("description");
        var executable = description.Text("defaultExecutablePath");
        if (string.IsNullOrWhiteSpace(executable))
            description.Refuse("defaultExecutablePath (missing)", "Name the handler's executable");
        var config = new HandlerConfig(
            executable ?? "", description.Text("workingDirectory"), description.Texts("arguments") ?? [],
            handler.Span("initializationTimeout") ?? TimeSpan.FromSeconds(30));
        description.RefuseTheRest();
        handler.RefuseTheRest();
        return config;
    }
}
