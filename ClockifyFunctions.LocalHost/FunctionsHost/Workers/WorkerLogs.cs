using System.Collections.Concurrent;
using ClockifyFunctions.LocalHost.FunctionsHost.Protocol;

namespace ClockifyFunctions.LocalHost.FunctionsHost.Workers;

/// <summary>Passes the log messages of a worker to the log of the host.</summary>
internal sealed class WorkerLogs(ILoggerFactory loggers)
{
    private readonly ConcurrentDictionary<string, ILogger> _users = new();
    private readonly ILogger _system = loggers.CreateLogger("Host.Worker");

    /// <param name="function">The function whose invocation wrote the message; null outside an invocation.</param>
    public void Write(RpcLog log, string? function)
    {
        var level = (LogLevel)log.Level;
        var text = log.Exception is null ? log.Message : $"{log.Message} {log.Exception.Type}: {log.Exception.Message}";
        if (log.LogCategory == RpcLog.Types.RpcLogCategory.System) _system.Log(level, "{Message}", text);
        // The real host drops user messages without an invocation.
        else if (log.LogCategory == RpcLog.Types.RpcLogCategory.User && function is not null)
            _users.GetOrAdd(function, name => loggers.CreateLogger($"Function.{name}.User")).Log(level, "{Message}", text);
    }
}
