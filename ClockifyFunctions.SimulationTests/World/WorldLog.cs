using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace ClockifyFunctions.SimulationTests.World;

/// <summary>The log lines of the instances, each with its simulated time.</summary>
internal sealed class WorldLog(TimeProvider clock) : ILoggerProvider
{
    private const int Kept = 500;

    private readonly ConcurrentQueue<string> _lines = [];

    public IReadOnlyCollection<string> Lines => _lines;

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose()
    {
    }

    private void Add(string line)
    {
        _lines.Enqueue($"{clock.GetUtcNow():MM-dd HH:mm:ss.fff} {line}");
        while (_lines.Count > Kept) _lines.TryDequeue(out _);
    }

    private sealed class Logger(WorldLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            log.Add($"{logLevel} {category[(category.LastIndexOf('.') + 1)..]}: {formatter(state, exception)}{(exception is null ? "" : $" {exception.GetType().Name}: {exception.Message}")}");
    }
}
