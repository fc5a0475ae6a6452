// Charts: <div data-chart="ID" class="chart" role="img" aria-label="…"></div> beside the JSON
// island ID holding a ChartSpec. The page says the same numbers in a table; a chart is a second look.
import { BarChart, LineChart } from "echarts/charts";
import {
  AriaComponent,
  GridComponent,
  LegendComponent,
  TooltipComponent,
} from "echarts/components";
import { type EChartsCoreOption, init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { eachIsland } from "./islands";

use([
  AriaComponent,
  BarChart,
  CanvasRenderer,
  GridComponent,
  LegendComponent,
  LineChart,
  TooltipComponent,
]);

interface Series {
  name: string;
  /** One value a category; null where there is none. */
  values: (number | null)[];
  /** A verdict's colour; series without one take the calm palette in turn. */
  tone?: keyof typeof TONES;
}

// The verdicts' colours of the page, a little stronger so that they hold as areas.
const TONES = {
  green: "#2f8f5b",
  red: "#c2413b",
  yellow: "#c99a1e",
  blue: "#4a78c9",
  purple: "#8b5cc7",
  secondary: "#8a94a3",
} as const;

const PALETTE = ["#1b4f9c", "#4e9ac7", "#7a8ba3", "#c99a1e", "#2f8f5b"];

interface ChartSpec {
  /** `rows` = stacked bars lying down: for a few long names. */
  kind: "bar" | "stacked-bar" | "rows" | "line";
  categories: string[];
  series: Series[];
  /** Written at the value axis: 天, 户, 个. */
  unit?: string;
}

const INK = "#1f2937";

function axesOf(spec: ChartSpec): EChartsCoreOption {
  const label = { color: INK, fontSize: 12 };
  const values = { type: "value", name: spec.unit ?? "", minInterval: 1, axisLabel: label };
  if (spec.kind !== "rows") {
    return { xAxis: { type: "category", data: spec.categories, axisLabel: label }, yAxis: values };
  }
  const names = { ...label, interval: 0, width: 96, overflow: "break" };
  return {
    xAxis: values,
    yAxis: { type: "category", inverse: true, data: spec.categories, axisLabel: names },
  };
}

function optionOf(spec: ChartSpec, fontFamily: string): EChartsCoreOption {
  const type = spec.kind === "line" ? "line" : "bar";
  const lying = spec.kind === "rows";
  return {
    animation: false,
    color: PALETTE,
    // Patterns beside colours: no meaning rests on colour alone.
    aria: { enabled: true, decal: { show: true } },
    textStyle: { fontFamily, fontSize: 14, color: INK },
    grid: { left: 8, right: 8, top: 40, bottom: 8, containLabel: true },
    legend: { top: 0, show: spec.series.length > 1, textStyle: { color: INK } },
    // An HTML tooltip would carry inline styles, which the content security policy refuses.
    tooltip: { trigger: "axis", renderMode: "richText" },
    ...axesOf(spec),
    series: spec.series.map(({ name, values, tone }) => ({
      type,
      name,
      data: values,
      ...(type === "bar" ? { barMaxWidth: 56 } : {}),
      ...(tone ? { itemStyle: { color: TONES[tone] } } : {}),
      ...(spec.kind === "stacked-bar" || lying ? { stack: "all" } : {}),
    })),
  };
}

eachIsland<ChartSpec>("data-chart", (element, spec) => {
  const chart = init(element);
  // A canvas inherits no font.
  chart.setOption(optionOf(spec, getComputedStyle(element).fontFamily));
  new ResizeObserver(() => chart.resize()).observe(element);
  window.addEventListener("beforeprint", () => chart.resize());
});
