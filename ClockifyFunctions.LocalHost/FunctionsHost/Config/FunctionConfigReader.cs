using System.Text.Json;
using System.Text.RegularExpressions;

namespace ClockifyFunctions.LocalHost.FunctionsHost.Config;

internal static partial class FunctionConfigReader
{
    /// <returns>Null when the function is switched off, or when something is wrong and noted.</returns>
    public static FunctionConfig? Read(
        string path, HostConfig host, IReadOnlyDictionary<string, string> settings, Problems problems)
    {
        var name = Path.GetFileName(Path.GetDirectoryName(path))!;
        var file = name + "/function.json";
        if (settings.TryGetValue($"AzureWebJobs.{name}.Disabled", out var off) && off is "1" or "true" or "True") return null;
        if (!FunctionName().IsMatch(name) || name.Equals("host", StringComparison.OrdinalIgnoreCase))
            problems.Add(file, $"'{name}' is no function name", "Start with a letter; letters, digits, _ and - follow");

        var root = new JsonSection(problems.ReadJson(path, file), file, "", problems);
        root.RefuseFlag("disabled", true, $"Set AzureWebJobs.{name}.Disabled=true instead");
        root.Ignore("scriptFile", "$schema");
        if (root.Get("retry") is not null) root.Refuse("retry", "Remove it: not supported for Service Bus; redelivery retries");
        var bindings = root.Get("bindings") is { ValueKind: JsonValueKind.Array } array
            ? array.EnumerateArray().Select((e, i) => new JsonSection(e, file, $"bindings[{i}]", problems)).ToArray() : [];
        root.RefuseTheRest();

        var triggers = bindings.Where(b => (b.Text("type") ?? "").EndsWith("Trigger", StringComparison.OrdinalIgnoreCase)).ToArray();
        if (triggers.Length != 1)
        {
            problems.Add(file, $"has {triggers.Length} triggers", "Write exactly one");
            return null;
        }

        var outputs = bindings.Except(triggers).ToArray();
        var trigger = triggers[0];
        var type = trigger.Text("type")!;
        var binding = trigger.Text("name") ?? "";
        if (binding.Length == 0) problems.Add(file, "the trigger has no name", "Name it");
        trigger.Ignore("direction");
        TriggerConfig? config = type.ToUpperInvariant() switch
        {
            "SERVICEBUSTRIGGER" => TriggerReader.Queue(trigger, binding, file, settings, problems),
            "TIMERTRIGGER" => TriggerReader.Timer(trigger, binding, file, settings, problems),
            "HTTPTRIGGER" => TriggerReader.Http(trigger, binding, name),
            _ => null,
        };
        if (config is null && type.ToUpperInvariant() is not ("SERVICEBUSTRIGGER" or "TIMERTRIGGER"))
            problems.Add(file, $"{type} is not supported", "Use serviceBusTrigger, timerTrigger or httpTrigger");
        if (config is not null) trigger.RefuseTheRest();
        var queues = ReadOutputs(config, outputs, host, file, settings, problems);
        return config is null ? null : new FunctionConfig(name, config, queues);
    }

    private static List<QueueOutputConfig> ReadOutputs(
        TriggerConfig? trigger, JsonSection[] outputs, HostConfig host, string file, IReadOnlyDictionary<string, string> settings, Problems problems)
    {
        var queues = new List<QueueOutputConfig>();
        foreach (var output in outputs)
        {
            var type = output.Text("type") ?? "";
            if (type.Equals("serviceBus", StringComparison.OrdinalIgnoreCase) && TriggerReader.QueueOutput(output, file, settings, problems) is { } queue)
                queues.Add(queue);
            else if (type.Equals("http", StringComparison.OrdinalIgnoreCase) && trigger is not null and not HttpTriggerConfig)
                problems.Add(file, "an http output needs an httpTrigger", "Remove it");
            else if (type.ToUpperInvariant() is not ("HTTP" or "SERVICEBUS"))
                problems.Add(file, $"the output binding '{type}' is not supported", "Let the handler send it with its own client");
            output.Ignore("name", "direction");
            output.RefuseTheRest();
        }

        if (trigger is HttpTriggerConfig && !(host.ForwardHttp && outputs.Length == 1))
        {
            problems.Add(file, "an HTTP function that is not forwarded is not supported",
                "Set customHandler.enableForwardingHttpRequest and keep exactly one http output");
        }

        return queues;
    }

    [GeneratedRegex("^[a-z][a-z0-9_-]{0,127}$", RegexOptions.IgnoreCase)]
    private static partial Regex FunctionName();
}
