using ClockifyFunctions.LocalHost.FunctionsHost.Protocol;

namespace ClockifyFunctions.LocalHost.FunctionsHost.Config;

/// <summary>Reads the functions that a worker reported from their raw bindings.</summary>
internal static class FunctionReader
{
    /// <returns>The enabled functions. A setting <c>AzureWebJobs.NAME.Disabled</c> disables a function.</returns>
    /// <exception cref="HostRefusedException">Lists every invalid or unsupported setting.</exception>
    public static IReadOnlyList<FunctionConfig> Read(IEnumerable<RpcFunctionMetadata> reported, IReadOnlyDictionary<string, string> settings)
    {
        var problems = new Problems();
        var functions = reported.Where(function => !IsDisabled(function.Name, settings))
            .Select(function => ReadOne(function, settings, problems)).OfType<FunctionConfig>().ToArray();
        problems.ThrowIfAny();
        return functions;
    }

    private static bool IsDisabled(string name, IReadOnlyDictionary<string, string> settings) =>
        settings.TryGetValue($"AzureWebJobs.{name}.Disabled", out var disabled) && disabled is "1" or "true" or "True";

    private static FunctionConfig? ReadOne(RpcFunctionMetadata reported, IReadOnlyDictionary<string, string> settings, Problems problems)
    {
        var place = $"function {reported.Name}";
        if (reported.Status is { Status: StatusResult.Types.Status.Failure, Exception: { } failure })
            problems.Add(place, $"the worker could not describe it: {failure.Message}", "Correct the function");
        if (reported.RetryOptions is not null)
            problems.Add(place, "retry policies are not supported", "Remove the retry attribute");
        var bindings = reported.RawBindings.Select((text, index) => new JsonSection(problems.ParseJson(text, place), place, $"bindings[{index}]", problems)).ToArray();
        var triggers = bindings.Where(binding => TypeOf(binding).EndsWith("Trigger", StringComparison.OrdinalIgnoreCase)).ToArray();
        if (triggers.Length != 1)
        {
            problems.Add(place, $"has {triggers.Length} triggers", "Give the function exactly one trigger");
            return null;
        }

        var trigger = ReadTrigger(triggers[0], reported.Name, place, settings, problems);
        foreach (var output in bindings.Except(triggers))
            if (trigger is not HttpTriggerConfig || !TypeOf(output).Equals("http", StringComparison.OrdinalIgnoreCase))
                problems.Add(place, $"the binding '{TypeOf(output)}' is not supported", "Let the function call the service with its own client");
        return trigger is null ? null : new FunctionConfig(reported.FunctionId, reported.Name, trigger);
    }

    private static TriggerConfig? ReadTrigger(
        JsonSection trigger, string function, string place, IReadOnlyDictionary<string, string> settings, Problems problems)
    {
        var binding = trigger.Text("name") ?? "";
        trigger.Ignore("direction");
        TriggerConfig? config;
        switch (TypeOf(trigger).ToUpperInvariant())
        {
            case "SERVICEBUSTRIGGER":
                config = TriggerReader.Queue(trigger, binding, place, settings, problems);
                break;
            case "TIMERTRIGGER":
                config = TriggerReader.Timer(trigger, binding, place, settings, problems);
                break;
            case "HTTPTRIGGER":
                config = TriggerReader.Http(trigger, binding, function);
                break;
            default:
                problems.Add(place, $"the trigger '{TypeOf(trigger)}' is not supported", "Use serviceBusTrigger, timerTrigger or httpTrigger");
                return null;
        }

        trigger.RefuseTheRest();
        return config;
    }

    private static string TypeOf(JsonSection binding) => binding.Text("type") ?? "";
}
