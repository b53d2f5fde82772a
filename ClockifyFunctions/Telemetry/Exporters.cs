using Azure.Monitor.OpenTelemetry.Exporter;
using ClockifyFunctions.Configuration;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace ClockifyFunctions.Telemetry;

/// <summary>Where traces, metrics and logs go, by the settings; nowhere, and at no cost, without any.</summary>
internal static class Exporters
{
    public static void AddExporters(this IHostApplicationBuilder builder, AppSettings settings)
    {
        // Each request is a span and a count already; of the server's log messages only warnings and errors add to that.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        if (settings.OtlpEndpoint is null && settings.InsightsConnection is null) return;
        var telemetry = builder.Services.AddOpenTelemetry()
            // Tells the host that the worker exports its own telemetry, so that nothing is exported twice, and adds the span of each invocation.
            .UseFunctionsWorkerDefaults()
            // OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES come later, and win.
            .ConfigureResource(resource => resource.AddService(builder.Configuration["WEBSITE_SITE_NAME"] ?? "clockify-functions").AddEnvironmentVariableDetector())
            .WithTracing(tracing => tracing.AddSource(Instruments.Name).AddAspNetCoreInstrumentation())
            .WithMetrics(metrics => metrics.AddMeter(Instruments.Name, "System.Runtime", "Microsoft.AspNetCore.Hosting"))
            .WithLogging(null, logs => logs.IncludeFormattedMessage = true);
        // The library reads the rest of the standard's variables: protocol, headers, intervals, sampler.
        if (settings.OtlpEndpoint is not null) telemetry.UseOtlpExporter();
        if (settings.InsightsConnection is not { } connection) return;
        telemetry
            .WithTracing(tracing => tracing.AddAzureMonitorTraceExporter(To))
            .WithMetrics(metrics => metrics.AddAzureMonitorMetricExporter(To))
            .WithLogging(logging => logging.AddAzureMonitorLogExporter(To));

        void To(AzureMonitorExporterOptions options) =>
            // Traces may be sampled (five a second, unless OTEL_TRACES_SAMPLER says otherwise); a warning is not lost with one.
            (options.ConnectionString, options.Credential, options.EnableTraceBasedLogsSampler) = (connection, settings.InsightsIdentity?.Credential(), false);
    }
}
