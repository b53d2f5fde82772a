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
        // These settings have no effect on the worker.
        root.Ignore("logging", "healthMonitor", "telemetryMode", "aggregator", "$schema");
        if (root.Get("extensionBundle") is not null)
            root.Refuse("extensionBundle", "Remove it: an isolated worker publishes its own extensions, and the real host would download a bundle that nothing uses");
        var extensions = root.Section("extensions");
        var config = new HostConfig(ReadTimeout(root), ReadPrefix(extensions), ReadServiceBus(extensions));
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
        section.RefuseFlag("autoCompleteMessages", false, "Set it to true: this host settles the messages, the worker cannot");
        section.RefuseFlag("enableCrossEntityTransactions", true, "Remove it");
        if (section.Number("minMessageBatchSize", 1) > 1)
            section.Refuse("minMessageBatchSize", "Remove it: a batch contains the messages that are available");
        if (section.Text("transportType") is { } transport && !transport.Equals("amqpTcp", StringComparison.OrdinalIgnoreCase))
            section.Refuse("transportType", "Write \"amqpTcp\"");
        // FunctionReader refuses sessions per function. The other keys only tune the connection.
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
}
