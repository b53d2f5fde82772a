using ClockifyFunctions;
using ClockifyFunctions.Api;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Hosting;
using ClockifyFunctions.Telemetry;
using ClockifyFunctions.WebConsole;

var builder = WebApplication.CreateSlimBuilder(args);
var settings = AppSettings.Read(builder.Configuration, out var problems);
if (problems.Count > 0)
{
    // The host shows the last lines of stderr, and restarts a process that ends with anything but 0.
    foreach (var problem in problems) Console.Error.WriteLine($"Setting {problem}");
    return 1;
}

// Only the host talks to this process, over loopback, and nothing proves that it is the host.
var port = builder.Configuration["FUNCTIONS_CUSTOMHANDLER_PORT"] ?? "8080";
builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
// A batch, or a 100 MB request, arrives as one JSON document.
builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Web));

builder.AddExporters(settings);
builder.Services.AddClockifyFunctions(settings)
    .AddHostedService<ParentWatch>()
    .AddOpenApiDocument();

var app = builder.Build();
foreach (var credential in settings.Credentials.Values)
    if (credential.Unusable is { } reason) app.Logger.LogError("Credential {Credential} waits: {Reason}.", credential.Name, reason);
app.UseProblems();
app.UseRedeliveryPause();
app.UseStorage();
app.MapHostedFunctions();
app.MapApi();
app.MapConsolePage();
await app.RunAsync();
return HandlerExit.Code(builder.Configuration);
