using System.Threading.Channels;
using ClockifyFunctions.LocalHost.FunctionsHost;
using Microsoft.Extensions.Logging;
using Host = ClockifyFunctions.LocalHost.FunctionsHost.FunctionsHost;

namespace ClockifyFunctions.Tests.LocalHost.FunctionsHost;

/// <summary>A script root in a temporary folder with the small node handler, and what the handler printed.</summary>
internal sealed class TestApp : ILoggerProvider, ILogger
{
    private readonly Channel<string> lines = Channel.CreateUnbounded<string>();

    public TestApp()
    {
        Write("handler.js", File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "LocalHost", "FunctionsHost", "handler.js")));
        HostJson();
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("functions-host-").FullName;

    public Dictionary<string, string> Settings { get; } = new() { ["QUEUE"] = "work" };

    public void HostJson(string timeout = "00:05:00") => Write("host.json", $$"""
        {
          "version": "2.0", "functionTimeout": "{{timeout}}",
          "customHandler": {
            "description": { "defaultExecutablePath": "node", "arguments": ["handler.js"] },
            "enableForwardingHttpRequest": true
          }
        }
        """);

    public TestApp Function(string name, string trigger, string more = "")
    {
        Write(name + "/function.json", $$"""{ "bindings": [ {{trigger}} {{more}} ] }""");
        return this;
    }

    public TestApp Queue(string cardinality = "one") => Function("Work", $$"""
        { "type": "serviceBusTrigger", "direction": "in", "name": "{{(cardinality == "one" ? "message" : "messages")}}",
          "queueName": "%QUEUE%", "connection": "Bus", "cardinality": "{{cardinality}}", "dataType": "binary" }
        """);

    public Task<Host> StartAsync(TimeProvider? time = null, int restartLimit = 3) => Host.StartAsync(
        new FunctionsHostOptions
        {
            ScriptRoot = Folder,
            Settings = Settings,
            FunctionKey = "fn-key",
            MasterKey = "master-key",
            HandlerRestartLimit = restartLimit,
        },
        LoggerFactory.Create(b => b.AddProvider(this)), time ?? TimeProvider.System, TestContext.Current.CancellationToken);

    /// <summary>The next call that the handler saw.</summary>
    public async Task<string> NextCallAsync(CancellationToken token)
    {
        while (true)
        {
            var line = await lines.Reader.ReadAsync(token);
            if (line.StartsWith("CALL ", StringComparison.Ordinal)) return line[5..];
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        lines.Writer.TryWrite(formatter(state, exception));

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    public void Write(string name, string text)
    {
        var path = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
