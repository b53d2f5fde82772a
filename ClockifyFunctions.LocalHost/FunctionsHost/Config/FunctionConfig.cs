using Cronos;

namespace ClockifyFunctions.LocalHost.FunctionsHost.Config;

/// <param name="Id">The key under which the worker knows the function.</param>
internal sealed record FunctionConfig(string Id, string Name, TriggerConfig Trigger);

/// <param name="Binding">The name of the parameter that takes the trigger's data.</param>
internal abstract record TriggerConfig(string Binding);

/// <param name="Batch">Cardinality "many": one invocation receives all available messages.</param>
internal sealed record QueueTriggerConfig(string Binding, string Queue, string ConnectionString, bool Batch) : TriggerConfig(Binding);

/// <param name="UseMonitor">The worker gets the times of the last and the next run.</param>
internal sealed record TimerTriggerConfig(string Binding, CronExpression Schedule, bool RunOnStartup, bool UseMonitor) : TriggerConfig(Binding);

/// <param name="Route">Route template without the route prefix. It may contain parameters, constraints and a catch-all parameter.</param>
internal sealed record HttpTriggerConfig(string Binding, HttpAuthLevel AuthLevel, IReadOnlyList<string> Methods, string Route)
    : TriggerConfig(Binding);

internal enum HttpAuthLevel
{
    Anonymous,
    Function,
    Admin,
}
