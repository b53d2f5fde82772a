using System.Text.RegularExpressions;
using ClockifyFunctions.LocalHost.FunctionsHost.Triggers.ServiceBus;
using Cronos;

namespace ClockifyFunctions.LocalHost.FunctionsHost.Config;

internal static partial class TriggerReader
{
    public static QueueTriggerConfig? Queue(
        JsonSection trigger, string binding, string place, IReadOnlyDictionary<string, string> settings, Problems problems)
    {
        if (trigger.Get("topicName") is not null || trigger.Get("subscriptionName") is not null)
            trigger.Refuse("topicName", "Use a queue");
        trigger.RefuseFlag("isSessionsEnabled", true, "Use a queue without sessions");
        trigger.RefuseFlag("autoCompleteMessages", false, "Set it to true: this host settles the messages, the worker cannot");
        var properties = trigger.Section("properties");
        if (!"true".Equals(properties.Text("supportsDeferredBinding"), StringComparison.OrdinalIgnoreCase))
            problems.Add(place, "the parameter's type has no deferred binding", "Use ServiceBusReceivedMessage or ServiceBusReceivedMessage[]");
        properties.RefuseTheRest();
        var queue = Resolve(trigger.Text("queueName") ?? "", "queueName", place, settings, problems);
        var connection = Connection(trigger.Text("connection") ?? "", place, settings, problems);
        var cardinality = trigger.Text("cardinality") ?? "one";
        var batch = cardinality.Equals("many", StringComparison.OrdinalIgnoreCase);
        if (!batch && !cardinality.Equals("one", StringComparison.OrdinalIgnoreCase))
            trigger.Refuse("cardinality", "Write \"One\" or \"Many\"");
        return queue is null || connection is null ? null : new QueueTriggerConfig(binding, queue, connection, batch);
    }

    public static TimerTriggerConfig? Timer(
        JsonSection trigger, string binding, string place, IReadOnlyDictionary<string, string> settings, Problems problems)
    {
        trigger.Section("properties").RefuseTheRest();
        var useMonitor = trigger.Flag("useMonitor") ?? true;
        var onStartup = trigger.Flag("runOnStartup") ?? false;
        if (Resolve(trigger.Text("schedule") ?? "", "schedule", place, settings, problems) is not { } schedule) return null;
        try
        {
            return new TimerTriggerConfig(binding, CronExpression.Parse(schedule, CronFormat.IncludeSeconds), onStartup, useMonitor);
        }
        catch (CronFormatException)
        {
            problems.Add(place, $"the schedule '{schedule}' is not an NCRONTAB expression with six fields", "Write, for example, \"0 */5 * * * *\"");
            return null;
        }
    }

    public static HttpTriggerConfig Http(JsonSection trigger, string binding, string name)
    {
        trigger.Section("properties").RefuseTheRest();
        var methods = trigger.Texts("methods") ?? [];
        if (!Enum.TryParse<HttpAuthLevel>(trigger.Text("authLevel") ?? "function", ignoreCase: true, out var level))
            trigger.Refuse("authLevel", "Write \"anonymous\", \"function\" or \"admin\"");
        if (trigger.Get("webHookType") is not null) trigger.Refuse("webHookType", "Remove it");
        return new HttpTriggerConfig(binding, level, methods, (trigger.Text("route") ?? name).Trim('/'));
    }

    private static string? Connection(
        string name, string place, IReadOnlyDictionary<string, string> settings, Problems problems)
    {
        if (settings.TryGetValue(name, out var text))
        {
            if (BrokerAddress.TryParse(text, out _)) return text;
            problems.Add(place, $"the setting {name} is not the connection string of a Service Bus namespace",
                "Write Endpoint=sb://…;SharedAccessKeyName=…;SharedAccessKey=…, or UseDevelopmentEmulator=true for an emulator");
            return null;
        }

        if (settings.ContainsKey(name + "__fullyQualifiedNamespace"))
            problems.Add(place, $"the identity connection {name}__fullyQualifiedNamespace is not supported", "Use a connection string");
        else
            problems.Add(place, $"the connection setting '{name}' is missing", "Add it to the settings");
        return null;
    }

    private static string? Resolve(
        string text, string key, string place, IReadOnlyDictionary<string, string> settings, Problems problems)
    {
        var missing = false;
        var resolved = Placeholder().Replace(text, m =>
        {
            if (settings.TryGetValue(m.Groups[1].Value, out var value)) return value;
            problems.Add(place, $"{key}: the setting '{m.Groups[1].Value}' is missing", "Add it to the settings");
            missing = true;
            return "";
        });
        if (missing) return null;
        if (resolved.Length > 0) return resolved;
        problems.Add(place, $"{key} is missing", "Add it");
        return null;
    }

    [GeneratedRegex("%([^%]+)%")]
    private static partial Regex Placeholder();
}
