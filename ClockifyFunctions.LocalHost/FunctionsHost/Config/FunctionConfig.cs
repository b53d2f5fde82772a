using Cronos;

namespace ClockifyFunctions.LocalHost.FunctionsHost.Config;

internal sealed record FunctionConfig(string Name, TriggerConfig Trigger, IReadOnlyList<QueueOutputConfig> Outputs);

/// <param name="Binding">The name of the output under Outputs.</param>
internal sealed record QueueOutputConfig(string Binding, string Queue, string ConnectionString);

/// <param name="Binding">The name of the trigger under Data.</param>
internal abstract record TriggerConfig(string Binding);

/// <param name="Batch">Cardinality many: one invocation for all that is there.</param>
/// <param name="Binary">Bodies go as base64 and do not overlay the metadata.</param>
internal sealed record QueueTriggerConfig(string Binding, string Queue, string ConnectionString, bool Batch, bool Binary)
    : TriggerConfig(Binding);

internal sealed record TimerTriggerConfig(string Binding, CronExpression Schedule, bool RunOnStartup) : TriggerConfig(Binding);

/// <param name="Route">Without prefix; may hold parameters and a catch-all.</param>
internal sealed record HttpTriggerConfig(string Binding, HttpAuthLevel AuthLevel, IReadOnlyList<string> Methods, string Route)
    : TriggerConfig(Binding);

internal enum HttpAuthLevel
{
    Anonymous,
    Function,
    Admin,
}
