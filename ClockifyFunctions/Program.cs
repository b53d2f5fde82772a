using System.Globalization;
using ClockifyFunctions;
using ClockifyFunctions.Api;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Lifetime;
using ClockifyFunctions.Messaging;
using ClockifyFunctions.Telemetry;
using Microsoft.Azure.Functions.Worker.Builder;

// The culture of the machine must not affect the app. Destinations name the culture of their records.
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

var builder = FunctionsApplication.CreateBuilder(args);
var settings = AppSettings.Read(builder.Configuration, out var problems);
if (problems.Count > 0)
{
    // The host shows what a worker writes to stderr.
    foreach (var problem in problems) Console.Error.WriteLine($"Setting {problem}");
    return 1;
}

// Middleware runs around each invocation in this order. The first one counts all running invocations, including HTTP requests.
builder.UseMiddleware<RunningInvocations>();
builder.ConfigureFunctionsWebApplication();
builder.UseMiddleware<RedeliveryPause>();
builder.UseMiddleware<ApiAnswers>();

builder.AddExporters(settings);
builder.Services.AddClockifyFunctions(settings).AddProcessLifetime();

var app = builder.Build();
settings.LogUnusableCredentials(app.Services.GetRequiredService<ILogger<AppSettings>>());
await app.RunAsync();
return ProcessExit.Code;
