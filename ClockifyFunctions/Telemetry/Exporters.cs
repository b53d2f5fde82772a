using Azure.Monitor.OpenTelemetry.Exporter;
using ClockifyFunctions.Configuration;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace ClockifyFunctions.Telemetry;

/// <summary>Configures the export of traces, metrics and logs. Without a setting for it, nothing is exported and nothing is recorded.</summary>
internal static class Exporters
{
    public static void AddExporters(this IHostApplicationBuilder builder, AppSettings settings)
    {
        // Spans and metrics already cover each request. Of the log messages of the server, only warnings and errors add information.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        if (settings.OtlpEndpoint is null && settings.InsightsConnection is null) return;
        var telemetry = builder.Services.AddOpenTelemetry()
            // Tells the host that the worker exports its own telemetry, so that nothing is exported twice, and adds the span of each invocation.
            .UseFunctionsWorkerDefaults()
            // The environment variables OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES are read later and take precedence.
            .ConfigureResource(resource => resource.AddService(builder.Configuration["WEBSITE_SITE_NAME"] ?? "clockify-functions").AddEnvironmentVariableDetector())
            .WithTracing(tracing => tracing.AddSource(Instruments.Name).AddAspNetCoreInstrumentation())
            .WithMetrics(metrics => metrics.AddMeter(Instruments.Name, "System.Runtime", "Microsoft.AspNetCore.Hosting"))
            .WithLogging(null, logs => logs.IncludeFormattedMessage = true);
        // The library reads the other variables of the standard: protocol, headers, intervals, sampler.
        if (settings.OtlpEndpoint is not null) telemetry.UseOtlpExporter();
        if (settings.InsightsConnection is not { } connection) return;
        telemetry
            .WithTracing(tracing => tracing.AddAzureMonitorTraceExporter(To))
            .WithMetrics(metrics => metrics.AddAzureMonitorMetricExporter(To))
            .WithLogging(logging => logging.AddAzureMonitorLogExporter(To));

        void To(AzureMonitorExporterOptions options) =>
            // Traces may be sampled (five per second, unless OTEL_TRACES_SAMPLER says otherwise). Warnings are exported even if their trace is not.
            (options.ConnectionString, options.Credential, options.EnableTraceBasedLogsSampler) = (connection, settings.InsightsIdentity?.Credential(), false);
    }
}
