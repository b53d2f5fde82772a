namespace ClockifyFunctions.LocalHost.FunctionsHost;

internal sealed record FunctionsHostOptions
{
    /// <summary>Folder with host.json and one folder per function.</summary>
    public required string ScriptRoot { get; init; }

    /// <summary>Port of the public HTTP address on 127.0.0.1; 0 (default) takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>App settings: they resolve %NAME% and connections, and reach the handler as environment variables.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Opens functions with authLevel "function". Empty (default): no key opens them but the master key.</summary>
    public string FunctionKey { get; init; } = "";

    /// <summary>Opens every function and the admin endpoints. Empty (default): nothing with authLevel "admin" opens.</summary>
    public string MasterKey { get; init; } = "";

    /// <summary>
    /// The error exit that stops the host, counted while less than 30 minutes lie between two. Default 3, as in Azure.
    /// Tests that kill the handler again and again raise it.
    /// </summary>
    public int HandlerRestartLimit { get; init; } = 3;

    /// <summary>Runs this file instead of customHandler.description.defaultExecutablePath; the arguments stay.</summary>
    public string? ExecutableOverride { get; init; }
}
