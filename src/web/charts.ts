import type * as Echarts from 'echarts/core'

/** A bar for each row. */
export type Bars = readonly { label: string; value: number }[]

const SIZE = { width: 640, height: 240 }
const INK = '#4a5157'
const FONT = 'system-ui, sans-serif'

/** Loaded with the first chart: it is large, and most processes never draw one. */
let loading: Promise<typeof Echarts> | undefined
const library = () => (loading ??= load())

async function load(): Promise<typeof Echarts> {
  const [echarts, { BarChart }, { GridComponent }, { SVGRenderer }] = await Promise.all([
    import('echarts/core'),
    import('echarts/charts'),
    import('echarts/components'),
    import('echarts/renderers'),
  ])
  echarts.use([BarChart, GridComponent, SVGRenderer])
  return echarts
}

/** A bar chart as SVG, 640 by 240, drawn without a browser. Its words and numbers are in the page's table too. */
export async function barChart(bars: Bars): Promise<string> {
  const chart = (await library()).init(null, null, { renderer: 'svg', ssr: true, ...SIZE })
  const text = { color: INK, fontFamily: FONT, fontSize: 13 }
  try {
    chart.setOption({
      animation: false,
      grid: { left: 36, right: 8, top: 28, bottom: 36 }, // above the highest bar stands its number
      xAxis: {
        type: 'category',
        data: bars.map(({ label }) => label),
        axisLabel: { ...text, hideOverlap: true },
        axisTick: { show: false },
      },
      yAxis: { type: 'value', minInterval: 1, axisLabel: text, splitLine: { lineStyle: { color: '#dedbd5' } } },
      series: [
        {
          type: 'bar',
          data: bars.map(({ value }) => value),
          itemStyle: { color: '#0b5c68' },
          barMaxWidth: 48,
          label: { show: true, position: 'top', ...text },
        },
      ],
    })
    return chart.renderToSVGString()
  } finally {
    chart.dispose()
  }
}
