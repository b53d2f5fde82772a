using System.Text.RegularExpressions;
using ClockifyFunctions.LocalHost.FunctionsHost.ServiceBus;
using Cronos;

namespace ClockifyFunctions.LocalHost.FunctionsHost.Config;

internal static partial class TriggerReader
{
    public static QueueTriggerConfig? Queue(
        JsonSection trigger, string binding, string file, IReadOnlyDictionary<string, string> settings, Problems problems)
    {
        if (trigger.Get("topicName") is not null || trigger.Get("subscriptionName") is not null)
            trigger.Refuse("topicName", "Use a queue");
        trigger.RefuseFlag("isSessionsEnabled", true, "Use a queue without sessions");
        trigger.RefuseFlag("autoCompleteMessages", false, "Leave it on: a custom handler cannot settle messages");
        var queue = Resolve(trigger.Text("queueName") ?? "", "queueName", file, settings, problems);
        var connection = Connection(trigger.Text("connection") ?? "", file, settings, problems);
        var cardinality = trigger.Text("cardinality") ?? "one";
        var dataType = trigger.Text("dataType");
        var batch = cardinality.Equals("many", StringComparison.OrdinalIgnoreCase);
        if (!batch && !cardinality.Equals("one", StringComparison.OrdinalIgnoreCase))
            trigger.Refuse("cardinality", "Write \"one\" or \"many\"");
        var binary = "binary".Equals(dataType, StringComparison.OrdinalIgnoreCase);
        if (dataType is not null && !binary && !dataType.Equals("string", StringComparison.OrdinalIgnoreCase))
            trigger.Refuse("dataType", "Write \"binary\" or \"string\"");
        if (batch && dataType is null)
            problems.Add(file, "cardinality many without dataType is not supported", "Write \"dataType\": \"binary\"");
        return queue is null || connection is null ? null : new QueueTriggerConfig(binding, queue, connection, batch, binary);
    }

    public static QueueOutputConfig? QueueOutput(
        JsonSection output, string file, IReadOnlyDictionary<string, string> settings, Problems problems)
    {
        if (output.Get("topicName") is not null) output.Refuse("topicName", "Use a queue");
        var binding = output.Text("name") ?? "";
        if (binding.Length == 0) problems.Add(file, "a serviceBus output has no name", "Name it");
        var queue = Resolve(output.Text("queueName") ?? "", "queueName", file, settings, problems);
        var connection = Connection(output.Text("connection") ?? "", file, settings, problems);
        return queue is null || connection is null ? null : new QueueOutputConfig(binding, queue, connection);
    }

    public static TimerTriggerConfig? Timer(
        JsonSection trigger, string binding, string file, IReadOnlyDictionary<string, string> settings, Problems problems)
    {
        // The monitor remembers past runs in storage; here a run missed while the host was down is simply missed.
        trigger.Ignore("useMonitor");
        var onStartup = trigger.Flag("runOnStartup") ?? false;
        if (Resolve(trigger.Text("schedule") ?? "", "schedule", file, settings, problems) is not { } schedule) return null;
        try
        {
            return new TimerTriggerConfig(binding, CronExpression.Parse(schedule, CronFormat.IncludeSeconds), onStartup);
        }
        catch (CronFormatException)
        {
            problems.Add(file, $"the schedule '{schedule}' is no NCRONTAB text with six fields", "Write e.g. \"0 */5 * * * *\"");
            return null;
        }
    }

    public static HttpTriggerConfig Http(JsonSection trigger, string binding, string name)
    {
        var methods = trigger.Texts("methods") ?? [];
        if (!Enum.TryParse<HttpAuthLevel>(trigger.Text("authLevel") ?? "function", ignoreCase: true, out var level))
            trigger.Refuse("authLevel", "Write \"anonymous\", \"function\" or \"admin\"");
        if (trigger.Get("webHookType") is not null) trigger.Refuse("webHookType", "Remove it");
        return new HttpTriggerConfig(binding, level, methods, (trigger.Text("route") ?? name).Trim('/'));
    }

    private static string? Connection(
        string name, string file, IReadOnlyDictionary<string, string> settings, Problems problems)
    {
        if (settings.TryGetValue(name, out var text))
        {
            if (BrokerAddress.TryParse(text, out _)) return text;
            problems.Add(file, $"the setting {name} is no connection string of a Service Bus namespace",
                "Write Endpoint=sb://…;SharedAccessKeyName=…;SharedAccessKey=…, for an emulator with UseDevelopmentEmulator=true");
            return null;
        }

        if (settings.ContainsKey(name + "__fullyQualifiedNamespace"))
            problems.Add(file, $"the identity connection {name}__fullyQualifiedNamespace is not supported", "Use a connection string");
        else
            problems.Add(file, $"the connection setting '{name}' is missing", "Add it to the settings");
        return null;
    }

    private static string? Resolve(
        string text, string key, string file, IReadOnlyDictionary<string, string> settings, Problems problems)
    {
        var missing = false;
        var resolved = Placeholder().Replace(text, m =>
        {
            if (settings.TryGetValue(m.Groups[1].Value, out var value)) return value;
            problems.Add(file, $"{key}: the setting '{m.Groups[1].Value}' is missing", "Add it to the settings");
            missing = true;
            return "";
        });
        if (missing) return null;
        if (resolved.Length > 0) return resolved;
        problems.Add(file, $"{key} is missing", "Write it");
        return null;
    }

    [GeneratedRegex("%([^%]+)%")]
    private static partial Regex Placeholder();
}
