using System.Collections.Concurrent;
using ClockifyFunctions.LocalHost.FunctionsHost;
using Microsoft.Extensions.Logging;
using Host = ClockifyFunctions.LocalHost.FunctionsHost.FunctionsHost;

namespace ClockifyFunctions.Tests.LocalHost.FunctionsHost;

/// <summary>A host with scripted workers, a clock that the test controls, and a temporary app folder.</summary>
internal sealed class TestHost : ILoggerProvider, ILogger, IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("functions-host-");

    public TestHost()
    {
        Write("host.json", """{ "version": "2.0", "functionTimeout": "00:05:00", "extensions": { "serviceBus": { "maxConcurrentCalls": 4 } } }""");
        Write("worker.config.json", """{ "description": { "language": "dotnet-isolated", "defaultExecutablePath": "dotnet", "defaultWorkerPath": "app.dll", "workerIndexing": "true" } }""");
        Write("app.dll", "");
    }

    public string Folder => _folder.FullName;

    public WatchedTime Time { get; } = new();

    public WorkerScript Workers { get; } = new();

    public Dictionary<string, string> Settings { get; } = new() { ["QUEUE"] = "work" };

    public ConcurrentQueue<string> Logged { get; } = new();

    public bool AlwaysRestart { get; init; }

    public void Write(string name, string text) => File.WriteAllText(Path.Combine(Folder, name), text);

    public Task<Host> StartAsync() => Host.StartAsync(
        new FunctionsHostOptions
        {
            ScriptRoot = Folder,
            Settings = Settings,
            FunctionKey = "fn-key",
            MasterKey = "master-key",
            AlwaysRestart = AlwaysRestart,
            StartWorker = Workers.Start,
        },
        LoggerFactory.Create(logging => logging.AddProvider(this)), Time, TestContext.Current.CancellationToken);

    public ILogger CreateLogger(string categoryName) => this;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Logged.Enqueue(formatter(state, exception));

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Dispose()
    {
        if (_folder.Exists) _folder.Delete(recursive: true);
        _folder.Refresh();
    }
}
